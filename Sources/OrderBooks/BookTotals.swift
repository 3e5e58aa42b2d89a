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
        totals.bestBid = bidSide.plainBest(negated: false)
        totals.bestAsk = askSide.plainBest(negated: true)
        totals.bidSize.take(bidSide.plainSum(bids), scale: bidSide.sizes.scale)
        totals.askSize.take(askSide.plainSum(asks), scale: askSide.sizes.scale)
    }

    @inline(never)
    private mutating func readTotalsOneByOne(_ depth: Int, into totals: inout BookTotals) {
        totals.bestBid = bidSide.best(negated: false, scale: scale)
        totals.bestAsk = askSide.best(negated: true, scale: scale)
        totals.bidSize = SizeSum(bidSide, depth)
        totals.askSize = SizeSum(askSide, depth)
    }
}

// A side is plain where its best level has the book's own scale and its best sizes are summed as they are: nearly always.
// Mutating, for a side would be copied otherwise.
extension BookSide {
    /// How many of the best `limit` sizes there are; 0 if there is none or the side is not plain.
    @inline(__always)
    mutating func plainCount(_ limit: Int, _ scale: UInt8) -> Int {
        let count = min(limit, flatCount)
        let isPlain = count > 0 && (count == limit || deep.count == 0) && sizes.areSummable(count)
        return isPlain && entries[high &- 1].priceScale == scale ? count : 0
    }

    /// The best level of a plain side.
    @inline(__always)
    mutating func plainBest(negated: Bool) -> PriceLevel {
        let (key, entry) = (keys[high &- 1], entries[high &- 1])
        return PriceLevel(
            price: FixedDecimal(mantissa: negated ? 0 &- key : key, scale: entry.priceScale),
            size: FixedDecimal(mantissa: entry.size, scale: entry.sizeScale)
        )
    }

    /// The sum of the best `count` sizes of a plain side.
    @inline(__always)
    mutating func plainSum(_ count: Int) -> Int64 {
        let best = entries.span.extracting((high &- count)..<high)
        // Four sums side by side: one would wait for itself. What four do not divide comes first, without a loop.
        var (first, second, third, fourth): (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
        var place = count & 3
        // Safe: `place` stays within the span.
        if place > 0 { first = best[unchecked: 0].size }
        if place > 1 { second = best[unchecked: 1].size }
        if place > 2 { third = best[unchecked: 2].size }
        while place < count &- 4 {
            for step in 0..<2 {
                first &+= best[unchecked: place &+ 4 &* step].size
                second &+= best[unchecked: place &+ 4 &* step &+ 1].size
                third &+= best[unchecked: place &+ 4 &* step &+ 2].size
                fourth &+= best[unchecked: place &+ 4 &* step &+ 3].size
            }
            place &+= 8
        }
        if place < count {
            first &+= best[unchecked: place].size
            second &+= best[unchecked: place &+ 1].size
            third &+= best[unchecked: place &+ 2].size
            fourth &+= best[unchecked: place &+ 3].size
        }
        return first &+ second &+ (third &+ fourth)
    }
}
