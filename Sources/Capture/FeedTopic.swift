import Exchanges
import MarketModel

/// A topic of a connection: what its venue subscribes to by itself, and how it fares.
struct FeedTopic: Sendable {
    /// What it carries; one without kinds keeps the connection alive.
    let feed: Subscription
    /// As statuses and summaries name it, such as `book/BTCUSDT`.
    let name: String
    /// As requests and answers name it.
    let wireName: String
    /// Its symbol as the venue compares it.
    let key: String

    /// Why the venue does not give it; nil while it may.
    var refusal: String?
    /// When it is to be asked for, on this connection attempt; `.max` = not.
    var askAt = Int64.max
    /// When it is asked for again, should no answer come; `.max` = not.
    var patience = Int64.max
    /// How often it was asked for on this connection attempt.
    var asks = 0
    /// When the venue confirmed it, on this connection attempt.
    var confirmedAt: Int64?
    /// When its last frame came, on this connection attempt.
    var lastFrame: Int64?
    /// Whether it was confirmed or brought a frame at some time of the session.
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

    /// Whether it speaks though the market is quiet: a snapshot on subscribing, at the least.
    var alwaysSpeaks: Bool { !feed.kinds.isDisjoint(with: [.book, .fundingRates, .openInterest]) }

    /// Whether its silence is worth a status.
    var isWatched: Bool { !isKeepalive && feed.kinds != .liquidations }

    init(_ feed: Subscription, of exchange: any Exchange, isOneOfSeveral: Bool) {
        self.feed = feed
        wireName = exchange.name(of: feed)
        key = exchange.key(of: feed.symbol)
        let depth = isOneOfSeveral ? feed.depth.map { ".\($0)" } ?? "" : ""
        name = "\(FeedTopic.word(feed.kinds))\(depth)/\(feed.symbol)"
    }

    private static func word(_ kinds: FeedKinds) -> String {
        DataKind.all.first { kinds.contains($0.feed) }?.monitorTopic ?? "heartbeats"
    }

    /// A new connection attempt knows nothing of the one before.
    mutating func reset() {
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
        return feeds.map { feed in
            let isOneOfSeveral = feed.kinds == .book && books[feed.symbol, default: 0] > 1
            return FeedTopic(feed, of: exchange, isOneOfSeveral: isOneOfSeveral)
        }
    }
}
