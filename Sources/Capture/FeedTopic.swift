import Exchanges
import MarketModel

/// A topic of a connection, the unit that its venue subscribes, and its state.
struct FeedTopic: Sendable {
    /// What it carries; one without kinds keeps the connection alive.
    private(set) var feed: Subscription
    /// Its name in statuses and summaries, such as `book/BTCUSDT`.
    let name: String
    /// Its name in requests and answers.
    let wireName: String
    /// Its symbol, as the venue compares symbols.
    let key: String
    /// How far apart its messages may be where nothing is amiss, in nanoseconds.
    let cadence: Int64

    /// Why the venue refused it; nil if it did not.
    var refusal: String?
    /// When to request it, on this connection attempt; `.max` = never.
    var askAt = Int64.max
    /// When to request it again if there is no answer; `.max` = never.
    var patience = Int64.max
    /// How often it was requested on this connection attempt.
    var asks = 0
    /// How often the connection closed while it alone was being asked for.
    var closes = 0
    /// When the venue confirmed it, on this connection attempt.
    var confirmedAt: Int64?
    /// When its last frame came, on this connection attempt.
    var lastFrame: Int64?
    /// Whether it was ever confirmed, or sent a frame, in this session.
    var wasConfirmed = false
    var hasSpoken = false
    var isSilent = false
    /// The snapshot it waits for, if it is a book.
    var wanted = WantedSnapshot()

    /// Whether it needs no further request on this connection attempt.
    var isAnswered: Bool { confirmedAt != nil || lastFrame != nil || refusal != nil }

    var isBook: Bool { feed.kinds == .book }

    /// Whether it only keeps the connection alive.
    var isKeepalive: Bool { feed.kinds.isEmpty }

    /// Whether it sends data even in a quiet market, at least a snapshot on subscribing.
    var alwaysSpeaks: Bool { !feed.kinds.isDisjoint(with: [.book, .fundingRates, .openInterest]) }

    /// Whether its silence is worth a status.
    var isWatched: Bool { !isKeepalive && feed.kinds != .liquidations }

    init(_ feed: Subscription, of exchange: any Exchange, cadence: Int64, isOneOfSeveral: Bool) {
        (self.feed, self.cadence) = (feed, cadence)
        wireName = exchange.name(of: feed)
        key = exchange.key(of: feed.symbol)
        let depth = isOneOfSeveral ? feed.depth.map { ".\($0)" } ?? "" : ""
        name = "\(FeedTopic.word(feed.kinds))\(depth)/\(feed.symbol)"
    }

    private static func word(_ kinds: FeedKinds) -> String {
        DataKind.all.first { kinds.contains($0.feed) }?.monitorTopic ?? "heartbeats"
    }

    /// Notes what the venue calls it on this connection.
    mutating func take(handle: String) { feed.handle = handle }

    /// Resets the state of the connection attempt.
    mutating func reset() {
        feed.handle = nil
        (askAt, patience, asks) = (.max, .max, 0)
        (confirmedAt, lastFrame, isSilent) = (nil, nil, false)
    }

    /// The topics of a connection, in the order of its subscriptions.
    static func list(
        _ exchange: any Exchange,
        _ market: Market,
        _ subscriptions: [Subscription]
    ) -> [FeedTopic] {
        let feeds = exchange.topics(of: subscriptions, market: market)
        var books: [String: Int] = [:]
        for feed in feeds where feed.kinds == .book { books[feed.symbol, default: 0] += 1 }
        let channels = exchange.channels(of: market)
        return feeds.map { feed in
            let cadence = channels.first { $0.kinds == feed.kinds }?.cadence ?? 0
            let isOneOfSeveral = feed.kinds == .book && books[feed.symbol, default: 0] > 1
            return FeedTopic(feed, of: exchange, cadence: cadence, isOneOfSeveral: isOneOfSeveral)
        }
    }
}
