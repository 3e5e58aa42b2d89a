public import MarketModel

/// One instrument's order book: two sorted sides and the state they are in.
///
/// A value: copying it is cheap until one copy changes. Levels keep the digits the venue sent
/// (``bid(at:)`` of a `"5.00"` is mantissa 500, scale 2). It judges nothing by itself but crossing;
/// ``BookKeeper`` adds sources, sequences and checksums.
public struct OrderBook: Sendable {
    /// Whether the levels are the venue's.
    @frozen
    public enum State: UInt8, Sendable {
        /// No snapshot yet.
        case awaitingSnapshot = 0
        /// As the venue has it.
        case synced = 1
        /// Wrong or unknown until the next snapshot.
        case gapped = 2
    }

    /// The state.
    public internal(set) var state: State = .awaitingSnapshot
    /// Whether the best bid is at or above the best ask, as of the last whole message.
    public private(set) var isCrossed = false
    /// The fraction digits of the integer keys: enough for every price of the book.
    @usableFromInline var scale: UInt8 = 0
    @usableFromInline var bidSide = BookSide()
    @usableFromInline var askSide = BookSide()

    /// Makes an empty book that awaits its snapshot.
    public init() {}

    /// The number of bid levels.
    @inlinable
    public var bidCount: Int { bidSide.count }

    /// The number of ask levels.
    @inlinable
    public var askCount: Int { askSide.count }

    /// A bid level, 0 = the best; `place` is below ``bidCount``.
    @inlinable
    public func bid(at position: Int) -> PriceLevel {
        bidSide.level(at: position, isAsk: false, scale: scale)
    }

    /// An ask level, 0 = the best; `place` is below ``askCount``.
    @inlinable
    public func ask(at position: Int) -> PriceLevel {
        askSide.level(at: position, isAsk: true, scale: scale)
    }

    /// Whether a level may have had digits on the wire that its mantissas leave out: ``FixedDecimal/zeros``.
    public var mayLackZeros: Bool { bidSide.mayLackZeros || askSide.mayLackZeros }

    // Inlined: a call would copy the book for its duration.

    /// Appends the best `limit` bids (or all there are) to `levels`, best first.
    @inlinable
    @inline(__always)
    public func copyBids(_ limit: Int, into levels: inout [PriceLevel]) {
        bidSide.copyBest(limit, isAsk: false, scale: scale, into: &levels)
    }

    /// Appends the best `limit` asks (or all there are) to `levels`, best first.
    @inlinable
    @inline(__always)
    public func copyAsks(_ limit: Int, into levels: inout [PriceLevel]) {
        askSide.copyBest(limit, isAsk: true, scale: scale, into: &levels)
    }

    /// The exact sum of the best `limit` bid sizes.
    public func bidSize(_ limit: Int) -> SizeSum { SizeSum(bidSide, limit) }

    /// The exact sum of the best `limit` ask sizes.
    public func askSize(_ limit: Int) -> SizeSum { SizeSum(askSide, limit) }
}

extension OrderBook {
    /// Replaces the book by a snapshot and calls it synced.
    ///
    /// Levels are applied in order, so that of a price given twice the last size holds.
    public mutating func replace(
        bids: Span<PriceLevel>,
        asks: Span<PriceLevel>
    ) throws(OrderBookError) {
        bidSide.removeAll()
        askSide.removeAll()
        scale = 0
        state = .synced
        try apply(bids: bids, asks: asks)
    }

    /// Applies all levels of a message in order, bids first; a size of zero deletes, also what is not
    /// there.
    ///
    /// Throws if a level cannot be; the book is then neither the old nor the new one.
    /// Cost: a binary search a level and, where a level comes or goes, a move of at most some hundred others.
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

    /// Marks the book wrong until its next snapshot; its levels stay as they were, for the curious.
    public mutating func markGapped() { state = .gapped }

    /// Forgets all levels and awaits a snapshot.
    public mutating func awaitSnapshot() {
        bidSide.removeAll()
        askSide.removeAll()
        isCrossed = false
        state = .awaitingSnapshot
    }

    @inline(__always)
    private mutating func judgeCrossing() {
        isCrossed = bidSide.count > 0 && askSide.count > 0 && bidSide.bestKey >= -askSide.bestKey
    }

    /// Raises the scale where a price has more fraction digits than all before it.
    @inline(__always)
    private mutating func refine(for levels: Span<PriceLevel>) throws(OrderBookError) {
        for index in levels.indices where levels[index].price.scale > scale {
            try raiseScale(for: levels[index].price)
        }
    }

    @inline(never)
    private mutating func raiseScale(for price: FixedDecimal) throws(OrderBookError) {
        // A venue that writes more digits than its tick needs ("77.310") writes them with every price: at the
        // wire's scale keys need no conversion. Up to six digits leave room for prices of 9·10^12.
        if price.scale <= 6, rescale(by: PowersOfTen.int64(Int(price.scale - scale))) {
            scale = price.scale
            return
        }
        // Trailing zeros do not need a finer scale: "5.00" is exact at scale 0.
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

    /// Multiplies all keys by `factor`; false, and nothing changed, if 64 bits do not hold one.
    private mutating func rescale(by factor: Int64) -> Bool {
        guard bidSide.holds(factor), askSide.holds(factor) else { return false }
        bidSide.rescale(by: factor)
        askSide.rescale(by: factor)
        return true
    }
}
