public import MarketModel

/// One instrument's book and what decides whether it is right: the topic it follows, update numbers,
/// checksums, crossing.
///
/// Of several topics or connections that carry the instrument one leads; a deeper or equally deep one takes
/// over at its snapshot.
///
/// Messages of shallower topics are ``BookOutcome/ignored`` while the book is synced; otherwise the next
/// snapshot of any topic makes it. A topic stops leading with its subscription and its connection.
///
/// Where numbers are equal on all connections (``BookRules/sharesNumbers``) whichever brings the next delta
/// leads, and another that carries the book takes over from one that ends.
public struct BookKeeper: Sendable {
    /// How long a book may be crossed, in nanoseconds of receive time.
    public static let crossingLimit: Int64 = 1_000_000_000

    /// The book, to be read in place.
    public package(set) var book = OrderBook()
    /// Verified, broken and crossed messages, counted.
    public internal(set) var counts = BookCounts()
    /// Why the book is gapped; nil while it is not.
    public private(set) var gapCause: GapCause?
    /// The connection whose topic leads; nil while none does, when the book is not synced.
    public internal(set) var connection: Int32?
    /// The levels a side of the topic that leads; 0 = the whole book.
    public internal(set) var depth: UInt32 = 0
    /// The topics that carry the book now.
    var topics = BookTopics()
    /// What connections have brought, where numbers are equal on all.
    var brought = BroughtNumbers()
    /// The connection whose next snapshot takes the lead whatever its depth; −1 if none.
    private var replacing: Int32 = -1
    var lastUpdateID: Int64?
    private var crossedSince: Int64?
    /// What a seeded book waits for.
    private var seeding = BookSeeding()
    /// Tickers to compare with a seeded book.
    var tops = WaitingTops()
    private var checksumMemory: [UInt8] = []

    /// Makes a keeper whose book awaits its snapshot.
    public init() {}

    /// Whether a message counts: false for those of a shallower topic while a deeper one leads, and for
    /// seeds of a book that is synced or whose deltas do not follow them.
    public func accepts(_ update: BookUpdate, on connection: Int32) -> Bool {
        if update.isSeed { return wants(update, connection) }
        if update.depth == depth || book.state != .synced { return true }
        // 0 means the whole book: subtracting 1 wraps it to the greatest depth.
        return update.depth &- 1 > depth &- 1 || (update.isSnapshot && connection == replacing)
    }

    /// Judges a message by what others have brought, and whether it counts; each is to be judged once.
    @inline(__always)
    public mutating func admit(
        _ update: BookUpdate,
        on connection: Int32,
        sharesNumbers: Bool
    ) -> BookAdmission {
        if sharesNumbers, isCopy(update, on: connection) { return .duplicate }
        return accepts(update, on: connection) ? .admitted : .ignored
    }

    /// Applies a message if it counts; `levels` are those of its batch.
    public mutating func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        connection: Int32,
        rules: borrowing BookRules
    ) -> BookOutcome {
        switch admit(update, on: connection, sharesNumbers: rules.sharesNumbers) {
        case .admitted: applyAdmitted(update, levels: levels, connection: connection, rules: rules)
        case .ignored: .ignored
        case .duplicate: .duplicate
        }
    }

    /// Applies a message that was admitted.
    ///
    /// Checked in order: source, update number, levels, cut to depth, checksum, crossing.
    @inline(__always)
    public mutating func applyAdmitted(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        connection: Int32,
        rules: borrowing BookRules
    ) -> BookOutcome {
        guard leads(update, connection, rules) else { return .unapplied }
        if rules.isSeeded { return applySeeded(update, levels) }
        let isBroken = breaksSequence(update, rules)
        if update.isSnapshot {
            gapCause = nil
        } else if isBroken, book.state == .synced {
            return gap(.sequence)
        } else if book.state != .synced {
            return book.state == .awaitingSnapshot ? gap(.noSnapshot) : .unapplied
        }
        guard fold(update, levels) else { return gap(.malformed) }
        if rules.truncatesToDepth, update.depth > 0 { book.cut(toDepth: Int(update.depth)) }
        if let expected = update.checksum, !verify(expected, rules) { return gap(.checksum) }
        if !tops.overtaking.isEmpty { compareOvertaking() }
        return judgeCrossing(update.receiveTime)
    }

    // MARK: - Events that are not book messages

    /// Gaps the book because messages of `connection` may be lost; returns whether that changed it.
    ///
    /// Only if `connection` leads and none carries the book on. Any update number may follow; the connection's
    /// topics go on.
    public mutating func connectionLost(_ connection: Int32) -> Bool {
        topics.lose(connection)
        brought.interrupt(connection)
        guard self.connection == connection, !passLead(from: connection) else { return false }
        return lose(.connection)
    }

    /// Ends all topics of `connection`: if it led and none carries the book on, gaps the book until the next
    /// snapshot of any other; returns whether that changed it.
    public mutating func connectionEnded(_ connection: Int32) -> Bool {
        topics.end(connection, nil)
        brought.interrupt(connection)
        guard self.connection == connection, !passLead(from: connection) else { return false }
        stopFollowing()
        return lose(.connection)
    }

    /// Gaps the book because a message of its topic could not be read; returns whether that changed it.
    ///
    /// `depth` is the topic's, nil if unknown. Also gaps a book that no topic leads yet.
    public mutating func messageLost(connection: Int32, depth: UInt32?) -> Bool {
        guard isSource(connection, depth) else { return false }
        return lose(.malformed)
    }

    /// Adds a topic that carries the book: it was confirmed, or a message of it came.
    public mutating func subscribed(connection: Int32, depth: UInt32) { topics.begin(connection, depth) }

    /// Ends a topic, or all of the connection's if `depth` is nil; returns whether the connection still
    /// carries the book.
    ///
    /// The book does not change; see ``unsubscribed(connection:depth:)``.
    public mutating func endTopic(connection: Int32, depth: UInt32?) -> Bool {
        topics.end(connection, depth)
        return topics.isCarried(by: connection)
    }

    /// Whether a topic of the connection was confirmed or brought a message, and has not ended.
    public func isCarried(by connection: Int32) -> Bool { topics.isCarried(by: connection) }

    /// Ends a topic: if it led and none carries the book on, the book awaits a snapshot of any topic; returns
    /// whether that changed it.
    public mutating func unsubscribed(connection: Int32, depth: UInt32?) -> Bool {
        topics.end(connection, depth)
        guard isSource(connection, depth), self.connection != nil, !passLead(from: connection) else {
            return false
        }
        book.awaitSnapshot()
        gapCause = nil
        stopFollowing()
        forgetOrder()
        return true
    }

    // MARK: - Parts of the judgement

    /// Lets the message's topic take the lead if it may; returns whether it leads.
    @inline(__always)
    private mutating func leads(
        _ update: BookUpdate,
        _ connection: Int32,
        _ rules: borrowing BookRules
    ) -> Bool {
        if update.depth == depth, self.connection == connection { return true }
        topics.begin(connection, update.depth)
        if rules.sharesNumbers, goesOn(update, connection) { return true }
        guard update.isSnapshot || self.connection == nil else { return false }
        // What waits for the book's next message waits for one of its own connection.
        if self.connection != connection { tops.removeOvertaking() }
        self.connection = connection
        depth = update.depth
        replacing = rules.hasOneTopic ? connection : -1
        lastUpdateID = nil
        seeding.removeAll()
        return true
    }

    private mutating func stopFollowing() {
        connection = nil
        depth = 0
        replacing = -1
    }

    /// Whether a topic leads; with `depth` nil, whether any of the connection's does.
    ///
    /// Any topic may lead where none does.
    public func isSource(_ connection: Int32, _ depth: UInt32?) -> Bool {
        guard let source = self.connection else { return true }
        return source == connection && (depth ?? self.depth) == self.depth
    }

    /// Records the update number; returns whether it breaks the sequence.
    private mutating func breaksSequence(_ update: BookUpdate, _ rules: borrowing BookRules) -> Bool {
        guard rules.hasContiguousUpdateIDs || rules.isLinked, let number = update.updateID else {
            return false
        }
        let last = lastUpdateID
        lastUpdateID = number
        guard !update.isSnapshot, let last else { return false }
        // A number below the one it follows begins a new count: what lies between is not known.
        let follows =
            rules.isLinked
            ? update.link.previous == last && number >= last : last != .max && number == last &+ 1
        if follows { counts.sequencesVerified += 1 } else { counts.sequencesBroken += 1 }
        return !follows
    }

    private mutating func fold(_ update: BookUpdate, _ levels: Span<PriceLevel>) -> Bool {
        let bids = levels.extracting(update.bids)
        let asks = levels.extracting(update.asks)
        do throws(OrderBookError) {
            if update.isSnapshot {
                try book.replace(bids: bids, asks: asks)
            } else {
                try book.apply(bids: bids, asks: asks)
            }
            return true
        } catch {
            return false
        }
    }

    private mutating func verify(_ expected: UInt32, _ rules: borrowing BookRules) -> Bool {
        guard let found = rules.checksum(of: book, &checksumMemory) else { return true }
        let isRight = found == expected
        if isRight { counts.checksumsVerified += 1 } else { counts.checksumsFailed += 1 }
        return isRight
    }

    private mutating func judgeCrossing(_ receiveTime: Int64) -> BookOutcome {
        guard book.isCrossed else {
            crossedSince = nil
            return .applied
        }
        counts.crossedSeen += 1
        guard let since = crossedSince else {
            crossedSince = receiveTime
            return .applied
        }
        let (duration, over) = receiveTime.subtractingReportingOverflow(since)
        return over || duration >= BookKeeper.crossingLimit ? gap(.crossed) : .applied
    }

    private mutating func gap(_ cause: GapCause) -> BookOutcome {
        counts.gaps += 1
        gapCause = cause
        crossedSince = nil
        seeding.seed = nil
        tops.removeAll()
        book.markGapped()
        return .gapped(cause)
    }

    private mutating func lose(_ cause: GapCause) -> Bool {
        forgetOrder()
        guard book.state != .gapped else { return false }
        _ = gap(cause)
        return true
    }

    private mutating func forgetOrder() {
        lastUpdateID = nil
        crossedSince = nil
        seeding.removeAll()
        tops.removeAll()
    }
}

// MARK: - Books that replies seed

extension BookKeeper {
    /// Whether a seed is taken: unless the book is synced, or the first newer delta does not follow it.
    private func wants(_ seed: BookUpdate, _ connection: Int32) -> Bool {
        if book.state == .synced { return seed.depth &- 1 > depth &- 1 }
        guard self.connection == connection || !brought.isEmpty, seed.depth == depth else { return true }
        let seed = BookSeed(seed)
        return seeding.firstNewer(than: seed).map { seed.precedes(seeding.deltas[$0].link) } ?? true
    }

    @inline(never)
    private mutating func applySeeded(_ update: BookUpdate, _ levels: Span<PriceLevel>) -> BookOutcome {
        update.isSnapshot ? replace(by: update, levels) : follow(update, levels)
    }

    /// Takes a seed and the newer deltas that wait for it, in one step.
    private mutating func replace(by update: BookUpdate, _ levels: Span<PriceLevel>) -> BookOutcome {
        gapCause = nil
        guard fold(update, levels) else { return gap(.malformed) }
        book.limitKnown(hasAllBids: update.hasAllBids, hasAllAsks: update.hasAllAsks)
        let seed = BookSeed(update)
        let newer = seeding.firstNewer(than: seed)
        let waiting = seeding.deltas[(newer ?? seeding.deltas.count)...]
        seeding.removeAll()
        tops.forgetNumber()
        for delta in waiting {
            guard delta.apply(to: &book) else { return gap(.malformed) }
            compareTops(at: delta.number)
        }
        if newer == nil { seeding.seed = seed }
        // A whole book of a few levels has a number, and nothing joins it.
        if !update.isSeed { lastUpdateID = update.updateID }
        return judgeCrossing(update.receiveTime)
    }

    /// Applies a delta, or keeps it until a seed comes.
    private mutating func follow(_ delta: BookUpdate, _ levels: Span<PriceLevel>) -> BookOutcome {
        let isOld = seeding.seed.map { !$0.isOlder(than: delta.updateID ?? 0) } ?? false
        let isBroken = breaksChain(delta, isOld)
        if isOld { return .applied }
        let wasSynced = book.state == .synced
        if wasSynced, !isBroken {
            seeding.seed = nil
            guard fold(delta, levels) else { return gap(.malformed) }
            compareTops(at: delta.updateID ?? 0)
            return judgeCrossing(delta.receiveTime)
        }
        if isBroken { seeding.removeAll() }
        seeding.append(BufferedDelta(delta, levels))
        return wasSynced ? gap(.sequence) : .unapplied
    }

    /// Records a delta's number; returns whether it follows neither the seed nor the delta before it.
    private mutating func breaksChain(_ delta: BookUpdate, _ isOld: Bool) -> Bool {
        let last = lastUpdateID
        lastUpdateID = delta.updateID
        let follows: Bool?
        if let seed = seeding.seed, !isOld {
            follows = seed.precedes(delta.link)
        } else {
            follows = last.map { $0 == delta.link.previous }
        }
        guard let follows else { return false }
        // Joining a seed is no step from one delta to the next.
        if follows, last != nil { counts.sequencesVerified += 1 }
        if !follows { counts.sequencesBroken += 1 }
        return !follows
    }
}

extension BookKeeper: StateCodable {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("book", &book)
        try coder.field("counts", &counts)
        try coder.field("gapCause", &gapCause)
        try coder.field("connection", &connection)
        try coder.field("depth", &depth)
        try coder.field("topics", &topics)
        try coder.field("brought", &brought)
        try coder.field("replacing", &replacing)
        try coder.field("lastUpdateID", &lastUpdateID)
        try coder.field("crossedSince", &crossedSince)
        try coder.field("seeding", &seeding)
        try coder.field("tops", &tops)
    }
}
