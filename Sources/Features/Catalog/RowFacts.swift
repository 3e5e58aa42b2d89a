public import MarketModel
public import Synchronizer

/// Values of a row that several features need, computed once.
public struct RowFacts: Sendable {
    /// The 15 scalars.
    public var aggregate: MarketAggregate
    /// The market, which decides the unit of sizes.
    public var market: Market
    /// The trades by taker side; nil if trades were not observed.
    public var flow: TradeFlow?
    /// ``flow`` for amounts of base and quote; nil also where the amount of a contract is not known.
    public var amounts: TradeFlow? { aggregate.sizeUnit == nil ? nil : flow }
    /// The step of prices, quote; nil without a definition recorded before the row.
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
        flow =
            row.quality.observed.contains(.trades)
            ? TradeFlow(row.trades, market, unit: aggregate.sizeUnit ?? 1) : nil
        if let book = row.orderbook, !book.isCrossed, let bid = book.bids.first, let ask = book.asks.first {
            top = TopOfBook(bid: bid, ask: ask)
        }
    }

    /// (Best bid + best ask) / 2, quote.
    public var mid: Double? { aggregate[.midPrice] }
}
