public import MarketModel

/// What a row's scalars need of a book: the best level a side and the sums of the best sizes.
///
/// Cheap to read, keep and copy, unlike the levels themselves.
@frozen
public struct BookTotals: Sendable {
    /// The best bid; nil if there is none.
    public var bestBid: PriceLevel?
    /// The best ask; nil if there is none.
    public var bestAsk: PriceLevel?
    /// The sum of the best bid sizes, over the depth asked for.
    public var bidSize: SizeSum
    /// The sum of the best ask sizes, over the depth asked for.
    public var askSize: SizeSum

    /// The totals of an empty book.
    public init() {
        bidSize = SizeSum(mantissa: 0, scale: 0)
        askSize = SizeSum(mantissa: 0, scale: 0)
    }

    /// The totals of levels, best first, over the best `depth` a side.
    public init(bids: Span<PriceLevel>, asks: Span<PriceLevel>, depth: Int) {
        bestBid = bids.isEmpty ? nil : bids[0]
        bestAsk = asks.isEmpty ? nil : asks[0]
        bidSize = SizeSum(bids, limit: depth)
        askSize = SizeSum(asks, limit: depth)
    }
}

extension BookTotals: StateCodable {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("bestBid", &bestBid)
        try coder.packed("bestAsk", &bestAsk)
        try coder.packed("bidSize", &bidSize)
        try coder.packed("askSize", &askSize)
    }
}

extension OrderBook {
    /// Reads the totals over the best `depth` levels a side, of those that are known.
    ///
    /// Cost: one pass over the sizes summed. `mutating` avoids a copy of the book; nothing changes.
    public mutating func readTotals(_ depth: Int, into totals: inout BookTotals) {
        let (bids, asks) = (bidSide.plainCount(depth, scale), askSide.plainCount(depth, scale))
        guard bids > 0, asks > 0, isKnown(bids, asks) else { return readTotalsOneByOne(depth, into: &totals) }
        totals.bestBid = bidSide.plainBest(isAsk: false)
        totals.bestAsk = askSide.plainBest(isAsk: true)
        totals.bidSize.set(bidSide.plainSum(bids), scale: bidSide.plainScale)
        totals.askSize.set(askSide.plainSum(asks), scale: askSide.plainScale)
    }

    @inline(never)
    private mutating func readTotalsOneByOne(_ depth: Int, into totals: inout BookTotals) {
        let (bids, asks) = (knownBids(of: max(depth, 1)), knownAsks(of: max(depth, 1)))
        totals.bestBid = bids > 0 ? bidSide.best(isAsk: false, scale: scale) : nil
        totals.bestAsk = asks > 0 ? askSide.best(isAsk: true, scale: scale) : nil
        totals.bidSize = SizeSum(bidSide, min(depth, bids))
        totals.askSize = SizeSum(askSide, min(depth, asks))
    }

    /// Whether so many best levels are known.
    @inline(__always)
    private func isKnown(_ bids: Int, _ asks: Int) -> Bool {
        known == nil || bids <= knownBids(of: bids) && asks <= knownAsks(of: asks)
    }
}

// A side is plain if its best sizes can be summed as they are and its prices have the book's scale: nearly
// always. `mutating` avoids copies of the side.
extension BookSide {
    /// The number of levels among the best `limit`; 0 if the side is empty or not plain.
    @inline(__always)
    mutating func plainCount(_ limit: Int, _ scale: UInt8) -> Int {
        let count = min(limit, flatCount)
        let isPlain = (count == limit || deep.count == 0) && traits.sumFitsInt64(count)
        return isPlain && UInt8(truncatingIfNeeded: traits.scales) == scale ? count : 0
    }

    /// The best level of a plain side.
    @inline(__always)
    mutating func plainBest(isAsk: Bool) -> PriceLevel {
        // Safe: a plain side has levels, and they are within the storage.
        let best = high &- 1
        let (key, size) = (keys.span[unchecked: best], sizes.span[unchecked: best])
        return PriceLevel(price: isAsk ? 0 &- key : key, size: size, digits: traits.scales)
    }

    /// The scale of all sizes of a plain side.
    var plainScale: UInt8 {
        @inline(__always) mutating get { UInt8(truncatingIfNeeded: traits.scales >> 8) }
    }

    /// The sum of the best `count` sizes of a plain side.
    @inline(__always)
    mutating func plainSum(_ count: Int) -> Int64 {
        let best = sizes.span.extracting((high &- count)..<high)
        // Four independent pairs of additions, because one would depend on itself; the remainder of eight
        // comes first.
        var (first, second, third, fourth): (Pair, Pair, Pair, Pair) = (.zero, .zero, .zero, .zero)
        var index = 0
        if count & 1 != 0 {
            first[0] = best[unchecked: 0]
            index = 1
        }
        if count & 2 != 0 {
            second = BookSide.pair(best, index)
            index &+= 2
        }
        if count & 4 != 0 {
            third = BookSide.pair(best, index)
            fourth = BookSide.pair(best, index &+ 2)
            index &+= 4
        }
        while index < count {
            first &+= BookSide.pair(best, index)
            second &+= BookSide.pair(best, index &+ 2)
            third &+= BookSide.pair(best, index &+ 4)
            fourth &+= BookSide.pair(best, index &+ 6)
            index &+= 8
        }
        let sum = first &+ second &+ (third &+ fourth)
        return sum[0] &+ sum[1]
    }

    private typealias Pair = SIMD2<Int64>

    /// Two adjacent sizes.
    ///
    /// Precondition: both exist.
    @inline(__always)
    private static func pair(_ sizes: Span<Int64>, _ index: Int) -> Pair {
        Pair(sizes[unchecked: index], sizes[unchecked: index &+ 1])
    }
}
