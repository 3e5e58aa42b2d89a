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
    /// Cost: a pass over the sizes summed.
    public borrowing func readTotals(_ depth: Int, into totals: inout BookTotals) {
        totals.bestBid = bidSide.best(negated: false, scale: scale)
        totals.bestAsk = askSide.best(negated: true, scale: scale)
        totals.bidSize.read(bidSide, depth)
        totals.askSize.read(askSide, depth)
    }
}
