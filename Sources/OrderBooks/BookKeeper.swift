public import MarketModel

/// One instrument's book with all that decides whether it is right: which topic it follows, update
/// numbers, checksums, crossing.
///
/// Of several topics or connections that carry the same instrument the book follows the deepest topic
/// seen so far. A deeper one takes over at its snapshot; at equal depth so does a snapshot from another
/// connection. Everything else of other topics is ``BookOutcome/ignored``.
public struct BookKeeper: Sendable {
    /// How long a book may be crossed, in nanoseconds of receive time.
    public static let crossingLimit: Int64 = 1_000_000_000

    /// The book; set in here only, but lent to be read in place.
    public package(set) var book = OrderBook()
    /// What it saw.
    public private(set) var counts = BookCounts()
    /// Why the book is gapped; nil while it is not.
    public private(set) var gapCause: GapCause?
    /// The connection the book follows; nil before its first message.
    public internal(set) var connection: Int32?
    /// The levels a side of the topic the book follows; 0 = the whole book.
    public internal(set) var depth: UInt32 = 0
    private var lastUpdateID: Int64?
    private var crossedSince: Int64?
    private var checksumMemory: [UInt8] = []

    /// Makes a keeper whose book awaits its snapshot.
    public init() {}

    /// Whether a message would be applied, or is ignored because the book follows another topic.
    @inlinable
    public func accepts(_ update: BookUpdate, on connection: Int32) -> Bool {
        guard let source = self.connection else { return true }
        if update.depth == depth, connection == source { return true }
        // 0 is the whole book: wrapped below zero it is the greatest.
        return update.isSnapshot && update.depth &- 1 >= depth &- 1
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
        guard follows(update, connection) else { return .ignored }
        let isBroken = breaksSequence(update, rules)
        if update.isSnapshot {
            gapCause = nil
        } else if isBroken, book.state == .synced {
            return gap(.sequence)
        } else if book.state != .synced {
            return book.state == .awaitingSnapshot ? gap(.noSnapshot) : .unapplied
        }
        guard fold(update, levels) else { return gap(.malformed) }
        if rules.cutsToDepth, update.depth > 0 { book.cut(toDepth: Int(update.depth)) }
        if let expected = update.checksum, !verify(expected, rules) { return gap(.checksum) }
        return judgeCrossing(update.receiveTime)
    }

    // MARK: - Events that are not book messages

    /// Marks the book wrong because messages of `connection` may be lost; true if that changed it.
    ///
    /// Books that follow another connection, or none yet, are not concerned. The next message's
    /// number is free.
    public mutating func connectionLost(_ connection: Int32) -> Bool {
        guard self.connection == connection else { return false }
        return lose(.connection)
    }

    /// Marks the book wrong because a message of its topic could not be read; true if that changed it.
    ///
    /// `depth` is the topic's, nil if not known. A book that follows nothing yet is concerned too.
    public mutating func messageLost(connection: Int32, depth: UInt32?) -> Bool {
        guard isSource(connection, depth) else { return false }
        return lose(.malformed)
    }

    /// Ends the topic: the book awaits a snapshot, from whatever topic; true if that changed it.
    public mutating func unsubscribed(connection: Int32, depth: UInt32?) -> Bool {
        guard isSource(connection, depth), self.connection != nil else { return false }
        book.awaitSnapshot()
        gapCause = nil
        self.connection = nil
        self.depth = 0
        forgetOrder()
        return true
    }

    // MARK: - Parts of the judgement

    private mutating func follows(_ update: BookUpdate, _ connection: Int32) -> Bool {
        guard accepts(update, on: connection) else { return false }
        if self.connection != connection || depth != update.depth { follow(update, connection) }
        return true
    }

    private mutating func follow(_ update: BookUpdate, _ connection: Int32) {
        self.connection = connection
        depth = update.depth
        lastUpdateID = nil
    }

    /// Whether a topic is the one the book follows; `depth` nil = whichever of the connection.
    ///
    /// A book that follows nothing yet may follow any.
    public func isSource(_ connection: Int32, _ depth: UInt32?) -> Bool {
        guard let source = self.connection else { return true }
        return source == connection && (depth ?? self.depth) == self.depth
    }

    /// Takes the update number; true if it is not the one that follows.
    private mutating func breaksSequence(_ update: BookUpdate, _ rules: borrowing BookRules) -> Bool {
        guard rules.numbersRiseByOne, let number = update.updateID else { return false }
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
