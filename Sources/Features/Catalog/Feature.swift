public import MarketModel
public import Synchronizer

/// What a feature is: what `dataset describe --features` prints and data cards repeat.
public struct FeatureInfo: Sendable, Equatable {
    /// The name of its column.
    public var name: String
    /// How it is computed.
    public var formula: String
    /// Its unit.
    public var unit: String
    /// How many rows of an instrument come before the first that can have a value.
    public var warmUp: Int
    /// When it has no value.
    public var undefined: String
    /// Where the formula comes from.
    public var source: String
    /// Whether it has a value only where the venue's definition of the instrument was recorded.
    public var needsDefinition = false
    /// How many levels a side it looks at: rows must show as many.
    public var levels = 1

    /// Describes a feature.
    public init(
        name: String,
        formula: String,
        unit: String,
        warmUp: Int = 0,
        undefined: String,
        source: String
    ) {
        self.name = name
        self.formula = formula
        self.unit = unit
        self.warmUp = warmUp
        self.undefined = undefined
        self.source = source
    }
}

/// One named number of a row.
///
/// It sees the rows of one instrument in order, each once, and nothing else: its value of a row depends on
/// that row and those before it only. A fresh copy is made for every instrument.
public protocol Feature: Sendable {
    /// What it is.
    var info: FeatureInfo { get }
    /// Its value of the next row; nil where it is undefined.
    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double?
}

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

/// The best level of each side.
public struct TopOfBook: Sendable {
    /// The best bid: price in quote, size as on the wire.
    public var bestBid: PriceLevel
    /// The best ask: price in quote, size as on the wire.
    public var bestAsk: PriceLevel

    init(bid: PriceLevel, ask: PriceLevel) {
        bestBid = bid
        bestAsk = ask
    }

    /// The middle of both prices; nil unless above zero.
    package var mid: ExactPrice? { ExactPrice(bid: bestBid.price, ask: bestAsk.price) }
}

/// The trades of a row by taker side; sums in row order.
///
/// On inverse markets base = size / price and notional = size.
public struct TradeFlow: Sendable, Equatable {
    /// Volume bought by takers, base.
    public var buyVolume = 0.0
    /// Volume sold by takers, base.
    public var sellVolume = 0.0
    /// Turnover bought by takers, quote.
    public var buyNotional = 0.0
    /// Turnover sold by takers, quote.
    public var sellNotional = 0.0
    /// Turnover of all trades in row order, quote.
    public var notional = 0.0
    /// Trades in which takers bought.
    public var buyCount = 0
    /// Trades in which takers sold.
    public var sellCount = 0

    init(_ trades: [Trade], _ market: Market) {
        for trade in trades {
            let (price, size) = (trade.price.doubleValue, trade.size.doubleValue)
            let base = market == .inverse ? size / price : size
            let quote = market == .inverse ? size : price * size
            notional += quote
            if trade.side == .buy {
                buyVolume += base
                buyNotional += quote
                buyCount += 1
            } else {
                sellVolume += base
                sellNotional += quote
                sellCount += 1
            }
        }
    }

    /// Buys less sells, base.
    public var signedVolume: Double { buyVolume - sellVolume }
}
