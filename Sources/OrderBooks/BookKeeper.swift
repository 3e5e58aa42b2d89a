public import MarketModel

/// One instrument's book with all that decides whether it is right: which topic it follows, update
/// numbers, checksums, crossing.
///
/// Of several topics or connections that carry the same instrument one leads: a deeper one takes over at its
/// snapshot, and so does one of equal depth. Messages of shallower ones are ``BookOutcome/ignored`` while the book
/// stands; while it does not, the next snapshot of any topic makes it. A topic stops leading with its subscription
/// and its connection.
public struct BookKeeper: Sendable {
    /// How long a book may be crossed, in nanoseconds of receive time.
    public static let crossingLimit: Int64 = 1_000_000_000

    /// The book; set in here only, but lent to be read in place.
    public package(set) var book = OrderBook()
    /// What it saw.
    public private(set) var counts = BookCounts()
    /// Why the book is gapped; nil while it is not.
    public private(set) var gapCause: GapCause?
    /// The connection that leads; nil while none does: the book is not synced then.
    public internal(set) var connection: Int32?
    /// The levels a side of the topic that leads; 0 = the whole book.
    public internal(set) var depth: UInt32 = 0
    /// The topics that carry the book now.
    private var topics = BookTopics()
    /// The connection whose next snapshot replaces the topic that leads, whatever its depth; −1 if none.
    @usableFromInline var replacing: Int32 = -1
    private var lastUpdateID: Int64?
    private var crossedSince: Int64?
    private var checksumMemory: [UInt8] = []

    /// Makes a keeper whose book awaits its snapshot.
    public init() {}

    /// Whether a message counts; false for those of a shallower topic while the book stands at a deeper one.
    ///
    /// Inlined always: a call would copy the keeper out of its array.
    @inlinable
    @inline(__always)
    public func accepts(_ update: BookUpdate, on connection: Int32) -> Bool {
        if update.depth == depth || book.state != .synced { return true }
        // 0 is the whole book: wrapped below zero it is the greatest.
        return update.depth &- 1 > depth &- 1 || (update.isSnapshot && connection == replacing)
    }

    /// Applies a message; `levels` are those of its batch.
    ///
    /// Order of judgement: source, update number, levels, cut to depth, checksum, crossing.
    public mutating func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        connection: Int32,
        rules: borrowing BookRules
    ) -> BookOutcome {
        guard accepts(update, on: connection) else { return .ignored }
        guard leads(update, connection, rules) else { return .unapplied }
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
        return judgeCrossing(update.receiveTime)
    }

    // MARK: - Events that are not book messages

    /// Marks the book wrong because messages of `connection` may be lost; true if that changed it.
    ///
    /// Books that another connection leads, or none yet, are not concerned. The next message's
    /// number is free; the connection's topics go on.
    public mutating func connectionLost(_ connection: Int32) -> Bool {
        guard self.connection == connection else { return false }
        return lose(.connection)
    }

    /// Ends all topics of `connection`: if it led, the book is wrong until the next snapshot of any other; true if
    /// that changed it.
    public mutating func connectionEnded(_ connection: Int32) -> Bool {
        topics.end(connection, nil)
        guard self.connection == connection else { return false }
        stopFollowing()
        return lose(.connection)
    }

    /// Marks the book wrong because a message of its topic could not be read; true if that changed it.
    ///
    /// `depth` is the topic's, nil if not known. A book that follows nothing yet is concerned too.
    public mutating func messageLost(connection: Int32, depth: UInt32?) -> Bool {
        guard isSource(connection, depth) else { return false }
        return lose(.malformed)
    }

    /// Notes that a topic carries the book from now on: the venue said so, or a message of it came.
    public mutating func subscribed(connection: Int32, depth: UInt32) { topics.begin(connection, depth) }

    /// Ends a topic, all of the connection's if `depth` is nil; whether the connection carries the book on.
    ///
    /// The book stays as it is: see ``unsubscribed(connection:depth:)``.
    public mutating func endTopic(connection: Int32, depth: UInt32?) -> Bool {
        topics.end(connection, depth)
        return topics.isCarried(by: connection)
    }

    /// Whether the connection carries the book: a topic of it was confirmed or brought a message, and goes on.
    public func isCarried(by connection: Int32) -> Bool { topics.isCarried(by: connection) }

    /// Ends a topic: if it led, the book awaits a snapshot, of whatever topic; true if that changed it.
    public mutating func unsubscribed(connection: Int32, depth: UInt32?) -> Bool {
        topics.end(connection, depth)
        guard isSource(connection, depth), self.connection != nil else { return false }
        book.awaitSnapshot()
        gapCause = nil
        stopFollowing()
        forgetOrder()
        return true
    }

    // MARK: - Parts of the judgement

    /// Whether the message's topic leads, from now on if it takes over.
    @inline(__always)
    private mutating func leads(
        _ update: BookUpdate,
        _ connection: Int32,
        _ rules: borrowing BookRules
    ) -> Bool {
        if update.depth == depth, self.connection == connection { return true }
        topics.begin(connection, update.depth)
        guard update.isSnapshot || self.connection == nil else { return false }
        self.connection = connection
        depth = update.depth
        replacing = rules.hasOneTopic ? connection : -1
        lastUpdateID = nil
        return true
    }

    private mutating func stopFollowing() {
        connection = nil
        depth = 0
        replacing = -1
    }

    /// Whether a topic is the one that leads; `depth` nil = whichever of the connection.
    ///
    /// Where none leads any may.
    public func isSource(_ connection: Int32, _ depth: UInt32?) -> Bool {
        guard let source = self.connection else { return true }
        return source == connection && (depth ?? self.depth) == self.depth
    }

    /// Takes the update number; true if it is not the one that follows.
    private mutating func breaksSequence(_ update: BookUpdate, _ rules: borrowing BookRules) -> Bool {
        guard rules.hasContiguousUpdateIDs, let number = update.updateID else { return false }
        let last = lastUpdateID
        lastUpdateID = number
        guard !update.isSnapshot, let last else { return false }
        let follows = last != .max && number == last &+ 1
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
        guard let checksum = rules.checksum else { return true }
        let isRight = checksum(book, &checksumMemory) == expected
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
    }
}
