public import MarketModel

/// One instrument's order book: two sorted sides and the state they are in.
///
/// A value, copied on write. Levels keep the digits the venue sent (a `"5.00"` is mantissa 500, scale 2).
/// ``BookKeeper`` adds topics, sequences and checksums.
public struct OrderBook: Sendable {
    /// How far the levels can be trusted.
    @frozen
    public enum State: UInt8, Sendable {
        /// No snapshot yet.
        case awaitingSnapshot = 0
        /// Equal to the venue's book, as far as known.
        case synced = 1
        /// Wrong or unknown until the next snapshot.
        case gapped = 2
    }

    /// The state.
    public internal(set) var state: State = .awaitingSnapshot
    /// Whether the best bid is at or above the best ask, as of the last whole message.
    public internal(set) var isCrossed = false
    /// The fraction digits of the integer keys: enough for every price of the book.
    @usableFromInline var scale: UInt8 = 0
    @usableFromInline var bidSide = BookSide()
    @usableFromInline var askSide = BookSide()
    /// How far the levels are known; nil if to their ends.
    @usableFromInline var known: KnownRange?

    /// Makes an empty book that awaits its snapshot.
    public init() {}

    /// The number of bid levels.
    @inlinable
    public var bidCount: Int { bidSide.count }

    /// The number of ask levels.
    @inlinable
    public var askCount: Int { askSide.count }

    /// How many bids are known, best first; levels between and behind the others may be missing.
    public var knownBids: Int { knownBids(of: bidCount) }

    /// How many asks are known, best first; levels between and behind the others may be missing.
    public var knownAsks: Int { knownAsks(of: askCount) }

    /// How many of the best `limit` bids are known.
    @usableFromInline
    func knownBids(of limit: Int) -> Int {
        let bound = known?.lowestBid
        return bound.map { bidSide.count(to: $0, isAsk: false, scale: scale, limit: limit) }
            ?? min(limit, bidCount)
    }

    /// How many of the best `limit` asks are known.
    @usableFromInline
    func knownAsks(of limit: Int) -> Int {
        let bound = known?.highestAsk
        return bound.map { askSide.count(to: $0, isAsk: true, scale: scale, limit: limit) }
            ?? min(limit, askCount)
    }

    /// A bid level, 0 = the best.
    ///
    /// Precondition: `index` is below ``bidCount``.
    @inlinable
    public func bid(at position: Int) -> PriceLevel {
        bidSide.level(at: position, isAsk: false, scale: scale)
    }

    /// An ask level, 0 = the best.
    ///
    /// Precondition: `index` is below ``askCount``.
    @inlinable
    public func ask(at position: Int) -> PriceLevel {
        askSide.level(at: position, isAsk: true, scale: scale)
    }

    /// Whether a level may have had digits on the wire that its mantissas omit: ``FixedDecimal/zeros``.
    public var mayLackZeros: Bool { bidSide.mayLackZeros || askSide.mayLackZeros }

    // Inlined: a call would copy the book for its duration.

    /// Appends the best `limit` bids (or all that are known) to `levels`, best first.
    @inlinable
    @inline(__always)
    public func copyBids(_ limit: Int, into levels: inout [PriceLevel]) {
        let limit = known == nil ? limit : knownBids(of: limit)
        bidSide.copyBest(limit, isAsk: false, scale: scale, into: &levels)
    }

    /// Appends the best `limit` asks (or all that are known) to `levels`, best first.
    @inlinable
    @inline(__always)
    public func copyAsks(_ limit: Int, into levels: inout [PriceLevel]) {
        let limit = known == nil ? limit : knownAsks(of: limit)
        askSide.copyBest(limit, isAsk: true, scale: scale, into: &levels)
    }

    /// The exact sum of the best `limit` known bid sizes.
    public func bidSize(_ limit: Int) -> SizeSum { SizeSum(bidSide, knownBids(of: limit)) }

    /// The exact sum of the best `limit` known ask sizes.
    public func askSize(_ limit: Int) -> SizeSum { SizeSum(askSide, knownAsks(of: limit)) }
}

extension OrderBook {
    /// Replaces the book by a snapshot and marks it synced.
    ///
    /// Levels are applied in order: of a price given twice the last size counts.
    public mutating func replace(
        bids: Span<PriceLevel>,
        asks: Span<PriceLevel>
    ) throws(OrderBookError) {
        bidSide.removeAll()
        askSide.removeAll()
        scale = 0
        known = nil
        state = .synced
        try apply(bids: bids, asks: asks)
    }

    /// Applies all levels of a message in order, bids first; a size of zero deletes the level, if it
    /// exists.
    ///
    /// Throws if a level cannot be applied; the book is then partly changed. Cost: a binary search a level
    /// and, for an insertion or deletion, a move of at most a few hundred others.
    public mutating func apply(
        bids: Span<PriceLevel>,
        asks: Span<PriceLevel>
    ) throws(OrderBookError) {
        try refine(for: bids)
        try refine(for: asks)
        try bidSide.apply(bids, isAsk: false, scale: scale)
        try askSide.apply(asks, isAsk: true, scale: scale)
        judgeCrossing()
        checkInvariants()
    }

    /// Keeps the best `depth` levels of each side.
    public mutating func cut(toDepth depth: Int) {
        bidSide.cut(toDepth: depth)
        askSide.cut(toDepth: depth)
    }

    /// Declares what lies beyond the last level of a side unknown, if that side is not whole.
    mutating func limitKnown(hasAllBids: Bool, hasAllAsks: Bool) {
        guard !hasAllBids || !hasAllAsks else { return }
        known = KnownRange(
            lowestBid: hasAllBids || bidCount == 0 ? nil : bid(at: bidCount - 1).price,
            highestAsk: hasAllAsks || askCount == 0 ? nil : ask(at: askCount - 1).price
        )
    }

    /// Marks the book gapped until its next snapshot; its levels stay readable.
    public mutating func markGapped() { state = .gapped }

    /// Removes all levels and awaits a snapshot.
    public mutating func awaitSnapshot() {
        bidSide.removeAll()
        askSide.removeAll()
        isCrossed = false
        known = nil
        state = .awaitingSnapshot
    }

    @inline(__always)
    private mutating func judgeCrossing() {
        isCrossed = bidSide.count > 0 && askSide.count > 0 && bidSide.bestKey >= -askSide.bestKey
    }

    /// Raises the scale if a price has more fraction digits than all before it.
    @inline(__always)
    private mutating func refine(for levels: Span<PriceLevel>) throws(OrderBookError) {
        for index in levels.indices where levels[index].price.scale > scale {
            try raiseScale(for: levels[index].price)
        }
    }

    @inline(never)
    private mutating func raiseScale(for price: FixedDecimal) throws(OrderBookError) {
        // Venues write the same number of digits with every price ("77.310"): at the wire's scale keys need
        // no conversion. Up to eight digits leave room for prices of 9·10^10.
        if price.scale <= 8, rescale(by: PowersOfTen.int64(Int(price.scale - scale))) {
            scale = price.scale
            return
        }
        // Trailing zeros need no finer scale: "5.00" is exact at scale 0.
        var needed = price
        while needed.scale > scale, needed.mantissa % 10 == 0 {
            needed = FixedDecimal(mantissa: needed.mantissa / 10, scale: needed.scale - 1)
        }
        guard needed.scale > scale else { return }
        let steps = Int(needed.scale - scale)
        guard steps <= 18 || (bidCount == 0 && askCount == 0) else { throw .unrepresentable(price) }
        guard rescale(by: PowersOfTen.int64(min(steps, 18))) else { throw .unrepresentable(price) }
        scale = needed.scale
    }

    /// Multiplies all keys by `factor`; returns false, changing nothing, if one would overflow 64 bits.
    private mutating func rescale(by factor: Int64) -> Bool {
        bidSide.dissolveLadder()
        askSide.dissolveLadder()
        guard bidSide.holds(factor), askSide.holds(factor) else {
            bidSide.balanceIfDue()
            askSide.balanceIfDue()
            return false
        }
        bidSide.rescale(by: factor)
        askSide.rescale(by: factor)
        return true
    }
}
