public import MarketModel
public import Synchronizer

/// What several features need of a row, computed once.
public struct RowFacts: Sendable {
    /// The 15 scalars.
    public var aggregate: MarketAggregate
    /// The market: it says in what unit sizes are.
    public var market: Market
    /// The trades by taker side; nil if trades were not observed.
    public var flow: TradeFlow?
    /// What prices are multiples of, quote; nil where no definition recorded before the row says it.
    public var tickSize: FixedDecimal?
    /// The best levels, if the book is synced, not crossed, and has both sides.
    public var top: TopOfBook?

    /// The facts of a row; `aggregate` is that of `row`.
    public init(
        _ row: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        market: Market,
        tickSize: FixedDecimal? = nil
    ) {
        self.aggregate = aggregate
        self.market = market
        self.tickSize = tickSize
        flow = row.quality.observed.contains(.trades) ? TradeFlow(row.trades, market) : nil
        if let book = row.orderbook, !book.isCrossed, let bid = book.bids.first, let ask = book.asks.first {
            top = TopOfBook(bid: bid, ask: ask)
        }
    }

    /// (Best bid + best ask) / 2, quote.
    public var mid: Double? { aggregate[.midPrice] }
}
