public import MarketModel

/// What a row's scalars take from a book: the best level a side, and the sums of the best sizes.
///
/// Cheap to take, to keep and to copy, unlike the levels themselves.
@frozen
public struct BookTotals: Sendable {
    /// The best bid; nil if there is none.
    public var bestBid: PriceLevel?
    /// The best ask; nil if there is none.
    public var bestAsk: PriceLevel?
    /// The sum of the best bid sizes, as many as were asked for.
    public var bidSize: SizeSum
    /// The sum of the best ask sizes.
    public var askSize: SizeSum

    /// Those of an empty book.
    public init() {
        bidSize = SizeSum(mantissa: 0, scale: 0)
        askSize = SizeSum(mantissa: 0, scale: 0)
    }

    /// Those of levels, best first, summed over the best `depth` a side.
    public init(bids: Span<PriceLevel>, asks: Span<PriceLevel>, depth: Int) {
        bestBid = bids.isEmpty ? nil : bids[0]
        bestAsk = asks.isEmpty ? nil : asks[0]
        bidSize = SizeSum(bids, limit: depth)
        askSize = SizeSum(asks, limit: depth)
    }
}

extension OrderBook {
    /// Reads what scalars take from the book, summed over the best `depth` levels a side.
    ///
    /// Cost: a pass over the sizes summed. Mutating, though nothing changes: else the book would be copied for the call.
    public mutating func readTotals(_ depth: Int, into totals: inout BookTotals) {
        let (bids, asks) = (bidSide.plainCount(depth, scale), askSide.plainCount(depth, scale))
        guard bids > 0, asks > 0 else { return readTotalsOneByOne(depth, into: &totals) }
        totals.bestBid = bidSide.plainBest(isAsk: false)
        totals.bestAsk = askSide.plainBest(isAsk: true)
        totals.bidSize.set(bidSide.plainSum(bids), scale: bidSide.plainScale)
        totals.askSize.set(askSide.plainSum(asks), scale: askSide.plainScale)
    }

    @inline(never)
    private mutating func readTotalsOneByOne(_ depth: Int, into totals: inout BookTotals) {
        totals.bestBid = bidSide.best(isAsk: false, scale: scale)
        totals.bestAsk = askSide.best(isAsk: true, scale: scale)
        totals.bidSize = SizeSum(bidSide, depth)
        totals.askSize = SizeSum(askSide, depth)
    }
}

// A side is plain where its best sizes are summed as they are and its levels' prices have the book's own scale: nearly
// always. Mutating, for a side would be copied otherwise.
extension BookSide {
    /// How many of the best `limit` sizes there are; 0 if there is none or the side is not plain.
    @inline(__always)
    mutating func plainCount(_ limit: Int, _ scale: UInt8) -> Int {
        let count = min(limit, flatCount)
        let isPlain = (count == limit || deep.count == 0) && traits.sumFitsInt64(count)
        return isPlain && UInt8(truncatingIfNeeded: traits.scales) == scale ? count : 0
    }

    /// The best level of a plain side.
    @inline(__always)
    mutating func plainBest(isAsk: Bool) -> PriceLevel {
        // Safe: a plain side has levels, and they lie within the storage.
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
        // Pairs, four side by side: one would wait for itself. What eight do not divide comes first, without a loop.
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

    /// Two sizes; only where there are two.
    @inline(__always)
    private static func pair(_ sizes: Span<Int64>, _ index: Int) -> Pair {
        Pair(sizes[unchecked: index], sizes[unchecked: index &+ 1])
    }
}
