import Exchanges
import MarketModel
import Recording

/// The subscriptions of a connection, as a pure state machine: requests within the venue's pace, their
/// answers, silent topics, books without a snapshot.
///
/// Topics are indexes in ``topics``. Times are receive times in nanoseconds.
package struct FeedSubscriptions: Sendable {
    typealias Action = ConnectionMachine.Action

    /// Limits and waits, in nanoseconds.
    package struct Settings: Sendable, Equatable {
        /// A topic without a frame for this time gets a status.
        package var silence: Int64 = 5 * UnixTime.second
        /// A request without an answer is repeated after this time, doubled each time, at most four times.
        package var patience: Int64 = 5 * UnixTime.second
        /// A confirmed book without a snapshot is subscribed again after this time; after four times that
        /// if it needs a reconnect.
        package var snapshotPatience: Int64 = 5 * UnixTime.second
        /// The least time between two successful resyncs of a book.
        package var resyncInterval: Int64 = 5 * UnixTime.second
        /// The wait after an unsuccessful resync; it doubles up to a minute.
        package var resyncPatience: Int64 = 2 * UnixTime.second
        /// The number of connections of the session to this venue, which share its pace.
        package var sharers: Int64 = 1

        /// The defaults.
        package init() {}
    }

    /// A request that was sent, and its unanswered topics.
    struct Sent: Sendable {
        var id: UInt64
        var left: [Int]
        var ends = false
        var isResync = false
        /// Answered as a whole; further answers with its id still belong to it.
        var isSpent = false
    }

    /// A request that waits for its turn.
    enum Waiting: Sendable {
        case topics([Int], ends: Bool, isResync: Bool)
        case text(String)
    }

    let exchange: any Exchange
    let market: Market
    let settings: Settings
    /// The topics of the connection.
    var topics: [FeedTopic]
    /// Further requests, sent each time the connection opens.
    private let extras: [String]
    /// Topics by kinds and the key of their symbol, or by their whole name.
    private(set) var indexes: [String: [Int]] = [:]
    /// The sets of kinds that topics carry, each once.
    private var carriedKinds: [FeedKinds] = []
    private var epoch: UInt64 = 0
    var isOpen = false
    private(set) var openedAt: Int64 = 0

    // Requests.
    var waiting: [Waiting] = []
    var sent: [Sent] = []
    private var lastID: UInt64 = 0
    /// The time of the next request by the venue's pace; a burst may be ahead of it.
    private var nextSlot: Int64 = 0
    var interval: Int64
    var burst: Int64
    var pausedUntil: Int64 = .min
    /// The length of the next rate-limit pause.
    var pause = UnixTime.second
    /// Whether one topic is asked for after the other, since the venue closed the connection on one of them.
    var isCareful = false

    // Reports.
    /// Refusals of all kinds.
    var refusals: UInt64 = 0
    /// Reported refusals that concern no topic.
    var strangersTold = 0
    /// Why a reconnect is needed; consumed by ``reconnectReason()``.
    private var reconnect: String?

    /// How many refusals without a topic are reported individually.
    static let strangersLimit = 10
    /// The most pending requests.
    static let sentLimit = 1_024

    init(
        _ exchange: any Exchange,
        market: Market,
        _ subscriptions: [Subscription],
        extras: [String] = [],
        settings: Settings = Settings()
    ) {
        (self.exchange, self.market, self.settings, self.extras) = (exchange, market, settings, extras)
        topics = FeedTopic.list(exchange, market, subscriptions)
        let pace = exchange.session.pace
        burst = max(1, pace.burst / max(1, settings.sharers))
        interval = pace.interval * max(1, settings.sharers)
        for index in topics.indices {
            let topic = topics[index]
            indexes[Self.key(topic.feed.kinds, topic.key), default: []].append(index)
            if !carriedKinds.contains(topic.feed.kinds) { carriedKinds.append(topic.feed.kinds) }
        }
    }

    static func key(_ kinds: FeedKinds, _ symbolKey: String) -> String { "\(kinds.rawValue) \(symbolKey)" }

    /// What the topic that carries these kinds for a symbol is of: the symbol, or a group of symbols.
    func subject(of symbol: String, _ kinds: FeedKinds) -> String {
        let channel = exchange.channels(of: market).first { $0.kinds.isSuperset(of: kinds) }
        return channel?.subject(symbol) ?? symbol
    }

    /// The topic that carries these kinds for a symbol; nil if none was asked for.
    ///
    /// `depth` selects among several if the venue's messages state it.
    func index(of kinds: FeedKinds, _ symbolKey: String, depth: UInt32? = nil) -> Int? {
        let carrying = carriedKinds.lazy.filter { $0.isSuperset(of: kinds) }
        guard let found = carrying.compactMap({ indexes[Self.key($0, symbolKey)] }).first else { return nil }
        guard exchange.session.namesDepth, let depth else { return found.first }
        return found.first { topics[$0].feed.depth.map { $0 == Int(depth) } ?? true }
    }

    // MARK: - What happened

    /// The WebSocket is open: requests everything that was not refused.
    mutating func opened(epoch: UInt64, at now: Int64) -> [Action] {
        (self.epoch, isOpen, openedAt, reconnect) = (epoch, true, now, nil)
        (waiting, sent) = (exchange.session.greetings.map(Waiting.text), [])
        for index in topics.indices {
            topics[index].reset()
            if topics[index].isBook { want(index, now) }
        }
        ask(topics.indices.filter { topics[$0].refusal == nil })
        waiting += extras.map(Waiting.text)
        return flush(now)
    }

    /// The connection is over.
    mutating func closed() {
        (isOpen, waiting) = (false, [])
    }

    /// The connection is over, and another one carries on what it brought: its books need nothing more.
    mutating func rest() -> [Action] {
        closed()
        return topics.indices.filter { topics[$0].isBook }.flatMap { bookRestored($0) }
    }

    /// Whether every topic brings what it does on another connection, or was confirmed a while ago, and every book
    /// stands that stands there.
    func flow(like other: FeedSubscriptions, at now: Int64) -> Bool {
        zip(topics, other.topics).allSatisfy { own, old in
            if own.refusal != nil { return true }
            if own.isBook, own.wanted.isWrong, !old.wanted.isWrong { return false }
            if own.lastFrame != nil { return true }
            guard let confirmedAt = own.confirmedAt else { return own.isKeepalive }
            return old.lastFrame == nil || now - confirmedAt >= 2 * settings.silence
        }
    }

    /// A frame of a topic came.
    mutating func spoke(_ index: Int, at now: Int64) -> [Action] {
        topics[index].lastFrame = now
        topics[index].hasSpoken = true
        if topics[index].refusal != nil { topics[index].refusal = nil }
        guard topics[index].isSilent else { return [] }
        topics[index].isSilent = false
        return [logStatus(.resumed, topic: topics[index].name)]
    }

    /// Time passes.
    mutating func tick(at now: Int64) -> [Action] {
        guard isOpen else { return [] }
        var due: [Int] = []
        var actions: [Action] = []
        for index in topics.indices where topics[index].refusal == nil {
            if now >= topics[index].patience, !topics[index].isAnswered { topics[index].askAt = now }
            if now >= topics[index].askAt { due.append(index) }
            actions += silence(index, now)
            actions += overdue(index, now)
        }
        ask(due)
        endCare()
        return actions + flush(now) + resyncs(now)
    }

    /// Queues texts beside the subscriptions.
    mutating func send(_ texts: [String], at now: Int64) -> [Action] {
        waiting += texts.map(Waiting.text)
        return flush(now)
    }

    /// Reports a topic without a frame since its confirmation or its last frame.
    private mutating func silence(_ index: Int, _ now: Int64) -> [Action] {
        let topic = topics[index]
        guard topic.isWatched, !topic.isSilent,
            let last = topic.lastFrame ?? topic.confirmedAt, now - last >= patience(with: topic)
        else { return [] }
        topics[index].isSilent = true
        return [logStatus(.silent, topic: topic.name)]
    }

    /// How long a topic may be silent: as long as its venue may let it.
    func patience(with topic: FeedTopic) -> Int64 { max(settings.silence, topic.cadence) }

    /// How far apart frames may be though nothing is amiss: as far as those of the topic that has the most of them.
    var cadence: Int64 { topics.lazy.filter { !$0.isKeepalive }.map(\.cadence).min() ?? 0 }

    // MARK: - Parts

    /// Why a reconnect is needed; returned once.
    mutating func reconnectReason() -> String? {
        defer { reconnect = nil }
        return reconnect
    }

    mutating func demandReconnect(_ cause: String) { reconnect = reconnect ?? cause }

    func logStatus(_ state: ConnectionStatus, reason: String? = nil, topic: String? = nil) -> Action {
        .logStatus(StatusRecord(state, epoch: epoch, reason: reason, topic: topic))
    }

    /// Queues requests for topics, within the venue's sizes.
    mutating func ask(_ asked: [Int], ends: Bool = false, isResync: Bool = false) {
        guard !asked.isEmpty else { return }
        for index in asked where !ends { topics[index].askAt = .max }
        for request in exchange.requests(topics: asked.map { topics[$0].feed }, market: market) {
            waiting.append(.topics(request.indexes.map { asked[$0] }, ends: ends, isResync: isResync))
        }
    }

    /// Sends what the pace allows.
    mutating func flush(_ now: Int64) -> [Action] {
        guard isOpen, now >= pausedUntil else { return [] }
        var actions: [Action] = []
        while !waiting.isEmpty, nextSlot - now <= (burst - 1) * interval, !isWaitingForAnswer(now) {
            guard let text = text(waiting.removeFirst(), now) else { continue }
            nextSlot = max(nextSlot, now) + interval
            actions.append(.send(text))
        }
        return actions
    }

    /// The frame of the next request; nil if none of it is wanted any more.
    private mutating func text(_ request: Waiting, _ now: Int64) -> String? {
        lastID += 1
        switch request {
        case .text(let text):
            remember(Sent(id: lastID, left: []))
            return exchange.identified(text, lastID)
        case .topics(let all, let ends, let isResync):
            let asked = all.filter { topics[$0].refusal == nil }
            let feeds = asked.map { topics[$0].feed }
            let requests = exchange.requests(
                ends ? .unsubscribe : .subscribe,
                topics: feeds,
                market: market
            )
            guard let text = requests.first?.text else { return nil }
            if !ends { count(asked, now) }
            remember(Sent(id: lastID, left: asked, ends: ends, isResync: isResync))
            return exchange.identified(text, lastID)
        }
    }

    private mutating func count(_ asked: [Int], _ now: Int64) {
        for index in asked {
            topics[index].asks += 1
            let asks = topics[index].asks
            topics[index].patience = asks > 4 ? .max : now + settings.patience << (asks - 1)
        }
    }

    private mutating func remember(_ request: Sent) {
        if sent.count >= Self.sentLimit { sent.removeFirst(sent.count - Self.sentLimit / 2) }
        sent.append(request)
    }
}
