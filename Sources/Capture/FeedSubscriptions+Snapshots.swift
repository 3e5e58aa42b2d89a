import Exchanges
import MarketModel
import Recording

// Books without a snapshot: requested again with growing waits, then by a new connection.
extension FeedSubscriptions {
    private static let longestWait = 60 * UnixTime.second
    /// Every third try without a snapshot reconnects.
    private static let triesPerConnection = 3

    /// Whether every book has its snapshot, or a gap of its own in the ledger.
    var booksStand: Bool {
        !topics.contains {
            $0.isBook && $0.refusal == nil && $0.wanted.isWrong && !$0.wanted.hasGap
        }
    }

    /// A connection attempt begins: the book waits for its first snapshot.
    mutating func want(_ index: Int, _ now: Int64) {
        topics[index].wanted.since = topics[index].wanted.since ?? now
        topics[index].wanted.cause = WantedSnapshot.missing
        topics[index].wanted.isWrong = true
        // What the last connection asked for is of no use to this one.
        if isSeeded { topics[index].wanted.tries = 0 }
        if topics[index].wanted.tries == 0 { topics[index].wanted.due = .max }
    }

    /// Whether snapshots are replies to requests.
    var isSeeded: Bool { exchange.session.recovery == .seed }

    /// Whether snapshots come without being asked for.
    private var waits: Bool { exchange.session.recovery == .wait }

    /// A delta waits for the seed of its book: only now one is sure to be joined by deltas.
    mutating func seedAwaited(_ index: Int, at now: Int64) -> [Action] {
        guard isSeeded, topics[index].wanted.since != nil, topics[index].wanted.tries == 0,
            topics[index].wanted.due == .max
        else { return [] }
        topics[index].wanted.due = now
        return resyncs(now)
    }

    /// The seed of a book came, and the book could not use it: asks for another, at once the first time.
    mutating func seedMissed(_ index: Int, at now: Int64) -> [Action] {
        let wanted = topics[index].wanted
        guard wanted.since != nil else { return [] }
        topics[index].wanted.due = now + (wanted.tries <= 1 ? 0 : wait(after: wanted.tries - 1))
        return resyncs(now)
    }

    /// A confirmed book usually brings its snapshot at once.
    mutating func expectSnapshot(_ index: Int, _ now: Int64) {
        guard !isSeeded, !waits, topics[index].wanted.since != nil, topics[index].wanted.due == .max,
            mayResync(index)
        else { return }
        let isCostly = exchange.session.recovery == .reconnect
        topics[index].wanted.due = now + settings.snapshotPatience * (isCostly ? 4 : 1)
    }

    /// If only a reconnect helps, a book that never sent anything is not worth one.
    private func mayResync(_ index: Int) -> Bool {
        exchange.session.recovery == .resubscribe || topics[index].hasSpoken
    }

    /// A book is wrong.
    mutating func bookLost(_ index: Int, cause: String, at now: Int64) -> [Action] {
        var actions: [Action] = []
        if !topics[index].wanted.hasGap {
            topics[index].wanted.hasGap = true
            actions.append(.openGap(cause: cause, topic: topics[index].name))
        }
        topics[index].wanted.isWrong = true
        demand(index, cause, now)
        return actions + resyncs(now)
    }

    /// Messages of the connection are missing: all its books are wrong.
    mutating func allBooksLost(cause: String, at now: Int64) -> [Action] {
        for index in topics.indices where topics[index].isBook && topics[index].refusal == nil {
            topics[index].wanted.isWrong = true
            demand(index, cause, now)
        }
        return resyncs(now)
    }

    /// Requests new snapshots of correct books, as at a rotation.
    mutating func renewBooks(cause: String, at now: Int64) -> [Action] {
        for index in topics.indices where topics[index].isBook && topics[index].refusal == nil {
            if topics[index].wanted.since == nil { demand(index, cause, now) }
        }
        return resyncs(now)
    }

    private mutating func demand(_ index: Int, _ cause: String, _ now: Int64) {
        let wanted = topics[index].wanted
        topics[index].wanted.since = wanted.since ?? now
        topics[index].wanted.cause = cause
        guard wanted.tries == 0, !waits else { return }
        let earliest = wanted.lastTry.map { $0 + settings.resyncInterval } ?? now
        topics[index].wanted.due = max(now, earliest)
    }

    /// A book has its snapshot.
    mutating func bookRestored(_ index: Int) -> [Action] {
        let hadGap = topics[index].wanted.hasGap
        topics[index].wanted.fulfil()
        return hadGap ? [.closeGap(topic: topics[index].name)] : []
    }

    /// Asks for the snapshots that are due.
    mutating func resyncs(_ now: Int64) -> [Action] {
        // The queue may already hold the same request.
        guard isOpen, waiting.isEmpty, now >= pausedUntil else { return [] }
        let due = topics.indices.filter { index in
            topics[index].wanted.since != nil && now >= topics[index].wanted.due
                && topics[index].refusal == nil
        }
        guard !due.isEmpty else { return [] }
        if isSeeded { return due.flatMap { askSeed($0, now) } }
        var reconnects = exchange.session.recovery == .reconnect
        for index in due {
            retry(index, now)
            if topics[index].hasSpoken, topics[index].wanted.tries % Self.triesPerConnection == 0 {
                reconnects = true
            }
        }
        let told = due.map { logStatus(.resync, reason: topics[$0].wanted.cause, topic: topics[$0].name) }
        if reconnects {
            demandReconnect("resync: \(topics[due[0]].wanted.cause)")
            return told
        }
        ask(due, ends: true)
        ask(due, isResync: true)
        return told + flush(now)
    }

    private mutating func retry(_ index: Int, _ now: Int64) {
        topics[index].wanted.tries += 1
        topics[index].wanted.lastTry = now
        topics[index].wanted.due = now + wait(after: topics[index].wanted.tries)
    }

    private func wait(after tries: Int) -> Int64 {
        min(settings.resyncPatience << min(tries - 1, 10), Self.longestWait)
    }

    /// Asks for the seed of a book; the request is repeated until it is answered, so no other is due.
    private mutating func askSeed(_ index: Int, _ now: Int64) -> [Action] {
        retry(index, now)
        topics[index].wanted.due = .max
        let wanted = topics[index].wanted
        let isFirst = wanted.cause == WantedSnapshot.missing && wanted.tries == 1
        let told = logStatus(.resync, reason: wanted.cause, topic: topics[index].name)
        return (isFirst ? [] : [told]) + [.askSeed(topic: index)]
    }

    /// Opens a gap for a book that has been without a snapshot for long.
    mutating func overdue(_ index: Int, _ now: Int64) -> [Action] {
        let wanted = topics[index].wanted
        guard let since = wanted.since, wanted.isWrong, !wanted.hasGap,
            now - max(since, openedAt) >= 2 * settings.snapshotPatience
        else { return [] }
        topics[index].wanted.hasGap = true
        return [.openGap(cause: wanted.cause, topic: topics[index].name)]
    }
}
