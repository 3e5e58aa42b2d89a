import Exchanges
import MarketModel
import OrderBooks

/// Checks the frames of one connection by the exchange's rules: answers, sequences, checksums, live topics.
///
/// It does not affect the log. Topics are indexes in ``FeedSubscriptions``; data of unrequested topics is
/// only counted.
struct FeedMonitor: Sendable {
    /// The findings of a frame, beside ``FeedMonitor/topics``.
    struct Findings: Sendable {
        /// The answer, if the frame is one.
        var reply: SubscriptionReply?
        /// Books that became wrong.
        var lost: [(topic: Int, cause: String)] = []
        /// Books that got their awaited snapshot.
        var restored: [Int] = []
        /// Books whose delta waits for a seed.
        var awaiting: [Int] = []
        /// Missing trades, if their numbers tell: the topic, how many, and why.
        var missed: [(topic: Int, count: UInt64, cause: String)] = []
        /// Why messages of unknown topics are missing, if so.
        var broken: String?
        /// What the venue wants sent back at once.
        var answer: String?
        /// Whether the venue is about to close the connection.
        var announcesClose = false
        /// The definitions it brought.
        var definitions: DefinitionList?
    }

    /// The first topic of each kind that an instrument has, by ``EventReference/Kind``; below zero = none.
    private typealias TopicIndexes = InlineArray<5, Int32>

    /// The state of one topic.
    private struct Watched: Sendable {
        /// Another topic of the same kind and symbol, such as a book of another depth.
        var next: Int32 = -1
        /// The depth its messages state; 0 = any.
        var depth: UInt32 = 0
        var isBook = false
        /// Whether its next snapshot is awaited.
        var isAwaited = false
        var keeper = BookKeeper()
        /// The number of the last trade, and whether it came before the connection was lost.
        var lastTrade: (number: UInt64, isBefore: Bool)?
    }

    /// The most unrequested symbols that are remembered.
    private static let mostNames = 20_000

    private let exchange: any Exchange
    private let bookRules: BookRules
    private let numbersTrades: Bool
    private let subscriptions: FeedSubscriptions
    private var decoder: any FrameDecoder
    private var batch = EventBatch()
    private var watched: [Watched]
    /// By instrument of the batch's table.
    private var indexes: [TopicIndexes] = []
    /// The topics of the last frame.
    private(set) var topics: [Int] = []
    /// Frames of unknown or unrequested kinds, and unreadable ones.
    private(set) var unknownFrames: UInt64 = 0
    private(set) var errorFrames: UInt64 = 0
    /// Events of symbols or topics that were not requested.
    private(set) var unsubscribed: UInt64 = 0

    /// Monitors a connection with these subscriptions.
    init(_ subscriptions: FeedSubscriptions) {
        (exchange, self.subscriptions) = (subscriptions.exchange, subscriptions)
        decoder = Self.decoder(subscriptions, &batch)
        bookRules = exchange.bookRules
        numbersTrades = exchange.session.numbersTrades
        let namesDepth = exchange.session.namesDepth
        watched = subscriptions.topics.map { topic in
            var watched = Watched(isBook: topic.isBook, isAwaited: topic.isBook)
            if namesDepth { watched.depth = UInt32(topic.feed.depth ?? 0) }
            return watched
        }
        for chain in subscriptions.indexes.values {
            for (index, following) in zip(chain, chain.dropFirst()) {
                watched[index].next = Int32(following)
            }
        }
    }

    private static func decoder(
        _ subscriptions: FeedSubscriptions,
        _ batch: inout EventBatch
    ) -> any FrameDecoder {
        let (exchange, market) = (subscriptions.exchange, subscriptions.market)
        let venue = batch.instruments.venue(of: exchange, market)
        return exchange.makeDecoder(market: market, venue: venue)
    }

    /// Bounds memory if a server keeps sending new symbols.
    private mutating func boundNames() {
        guard indexes.count > Self.mostNames + watched.count else { return }
        (batch, indexes) = (EventBatch(), [])
        decoder = Self.decoder(subscriptions, &batch)
    }

    /// A new connection attempt: books wait for their snapshots.
    mutating func connectionReset() {
        decoder.connectionReset()
        for index in watched.indices {
            watched[index].keeper = BookKeeper()
            watched[index].isAwaited = watched[index].isBook
            watched[index].lastTrade?.isBefore = true
        }
    }

    /// Awaits the next snapshot of every book.
    mutating func awaitSnapshots() {
        for index in watched.indices { watched[index].isAwaited = watched[index].isBook }
    }

    mutating func sent(_ text: String, at time: Int64) {
        let bytes = Array(text.utf8)
        decoder.sent(bytes.span.bytes, receiveTime: time)
    }

    /// Reads a received frame.
    mutating func receive(_ frame: RawSpan, at time: Int64) -> Findings {
        var findings = Findings()
        boundNames()
        batch.removeAll()
        topics.removeAll(keepingCapacity: true)
        let outcome = decoder.decode(frame, receiveTime: time, into: &batch)
        findings.definitions = batch.definitions
        makeRoom()
        let others = unsubscribed
        for event in batch.order { read(event, isData: outcome == .decoded, &findings) }
        if outcome == .error { errorFrames += 1 }
        if outcome == .unknown || topics.isEmpty && unsubscribed > others { unknownFrames += 1 }
        if outcome == .ignored || outcome == .unknown {
            findings.reply = exchange.subscriptionReply(in: frame)
            if findings.reply == nil {
                findings.announcesClose = exchange.announcesClose(in: frame)
                findings.answer = exchange.answer(toFrame: frame)
            }
        }
        return findings
    }

    /// Reads the seed of a topic's book; nil if the book has no use for it.
    mutating func receive(seed: RawSpan, path: String, of topic: Int, at time: Int64) -> Findings? {
        var findings = Findings()
        batch.removeAll()
        _ = decoder.decodeReply(seed, path: path, receiveTime: time, into: &batch)
        makeRoom()
        for update in batch.books where update.isSnapshot { apply(update, &findings) }
        // One that is as good as the book it came for, such as a new file's, stands in the log.
        if findings.lost.isEmpty, watched[topic].keeper.book.state == .synced, batch.books.count > 0 {
            if findings.restored.isEmpty { restore(topic, &findings) }
            return findings
        }
        return findings.lost.isEmpty ? nil : findings
    }

    /// Finds the topics of new instruments.
    private mutating func makeRoom() {
        while indexes.count < batch.instruments.count {
            let symbol = batch.instruments.instruments[indexes.count].symbol
            var first = TopicIndexes(repeating: -1)
            for kind in DataKind.all {
                let key = exchange.key(of: subscriptions.subject(of: symbol, kind.feed))
                first[Int(kind.event.rawValue)] = Int32(subscriptions.index(of: kind.feed, key) ?? -1)
            }
            indexes.append(first)
        }
    }

    private mutating func read(_ event: EventReference, isData: Bool, _ findings: inout Findings) {
        switch event.kind {
        case .book: apply(batch.books[event.index], &findings)
        case .trade:
            let trade = batch.trades[event.index]
            let first = touch(.trade, of: trade.instrument)
            if let first, numbersTrades { number(trade, first, &findings) }
        case .fundingRate:
            touch(.fundingRate, of: batch.fundingRates[event.index].instrument)
        case .openInterest:
            touch(.openInterest, of: batch.openInterests[event.index].instrument)
        case .liquidation:
            touch(.liquidation, of: batch.liquidations[event.index].instrument)
        case .status: read(batch.statuses[event.index], isData: isData, &findings)
        }
    }

    /// Marks the topics of a kind as heard; returns the first of them, nil if there is none.
    @discardableResult
    private mutating func touch(
        _ kind: EventReference.Kind,
        of instrument: InstrumentIndex,
        depth: UInt32? = nil
    ) -> Int? {
        var index = Int(indexes[instrument.position][Int(kind.rawValue)])
        var found: Int?
        while index >= 0 {
            let own = watched[index].depth
            if own == 0 || own == depth ?? own {
                found = found ?? index
                if topics.last != index { topics.append(index) }
            }
            index = Int(watched[index].next)
        }
        if found == nil { unsubscribed += 1 }
        return found
    }

    /// Compares a trade's number with the last one's, except in lists of older trades.
    private mutating func number(_ trade: Trade, _ topic: Int, _ findings: inout Findings) {
        let text = trade.id.withBytes { String(decoding: $0, as: UTF8.self) }
        guard !trade.isSnapshot, let number = UInt64(text) else { return }
        let last = watched[topic].lastTrade
        watched[topic].lastTrade = (max(number, last?.number ?? 0), false)
        guard let last, number > last.number, number - last.number > 1 else { return }
        findings.missed.append(
            (topic, number - last.number - 1, last.isBefore ? "disconnect" : "sequence")
        )
    }

    private mutating func apply(_ update: BookUpdate, _ findings: inout Findings) {
        guard let topic = touch(.book, of: update.instrument, depth: update.depth) else { return }
        switch Self.apply(update, of: batch, to: &watched[topic].keeper, bookRules) {
        case .gapped(let cause):
            watched[topic].isAwaited = true
            findings.lost.append((topic, "\(cause)"))
        case .applied where update.isSnapshot && watched[topic].isAwaited:
            restore(topic, &findings)
        case .unapplied where bookRules.isSeeded: findings.awaiting.append(topic)
        case .applied, .unapplied, .ignored, .duplicate: break
        }
    }

    private mutating func restore(_ topic: Int, _ findings: inout Findings) {
        var index = topic
        while index >= 0 {
            if watched[index].depth == watched[topic].depth {
                watched[index].isAwaited = false
                findings.restored.append(index)
            }
            index = Int(watched[index].next)
        }
    }

    /// Static, so that the compiler sees no overlap between the batch's levels and the book.
    private static func apply(
        _ update: BookUpdate,
        of batch: borrowing EventBatch,
        to keeper: inout BookKeeper,
        _ rules: BookRules
    ) -> BookOutcome {
        keeper.apply(update, levels: batch.levels.span, connection: 0, rules: rules)
    }

    private mutating func read(_ status: FeedStatus, isData: Bool, _ findings: inout Findings) {
        switch status.change {
        case .connectionBreak: loseAll("sequence", &findings)
        case .bookFault:
            guard let instrument = status.instrument else { return loseAll("malformed", &findings) }
            guard let topic = touch(.book, of: instrument, depth: status.depth),
                watched[topic].keeper.messageLost(connection: 0, depth: nil)
            else { return }
            watched[topic].isAwaited = true
            findings.lost.append((topic, "malformed"))
        case .live:
            // Answers to requests are handled separately.
            guard isData, let instrument = status.instrument else { return }
            touch(status.kinds, of: instrument, status.depth)
        case .unsubscribed: break
        }
    }

    private mutating func touch(_ kinds: FeedKinds, of instrument: InstrumentIndex, _ depth: UInt32?) {
        var last: (topic: String, index: Int32)?
        for kind in DataKind.all where kinds.contains(kind.feed) {
            let topic = (kind.monitorTopic, indexes[instrument.position][Int(kind.event.rawValue)])
            // One topic may carry several kinds.
            if let last, last == topic { continue }
            touch(kind.event, of: instrument, depth: kind.event == .book ? depth : nil)
            last = topic
        }
    }

    /// Messages of all books may be missing.
    private mutating func loseAll(_ cause: String, _ findings: inout Findings) {
        findings.broken = cause
        for index in watched.indices where watched[index].isBook {
            _ = watched[index].keeper.connectionLost(0)
            watched[index].isAwaited = true
        }
    }
}
