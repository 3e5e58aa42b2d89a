package import MarketModel
import Synchronizer

/// The trades of a row by taker side; sums in row order.
///
/// On inverse markets base = size / price and notional = size. Where sizes count contracts of an unknown amount the
/// amounts are in contracts, good for ratios alone.
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

    init(_ trades: [Trade], _ market: Market, unit: Double = 1) {
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
        if unit == 1 { return }
        (buyVolume, sellVolume) = (buyVolume * unit, sellVolume * unit)
        (buyNotional, sellNotional, notional) = (buyNotional * unit, sellNotional * unit, notional * unit)
    }

    /// Buys less sells, base.
    public var signedVolume: Double { buyVolume - sellVolume }
}

extension TradeFlow: StateElement {
    package static var blank: TradeFlow { TradeFlow([], .linear) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("buyVolume", &buyVolume)
        try coder.packed("sellVolume", &sellVolume)
        try coder.packed("buyNotional", &buyNotional)
        try coder.packed("sellNotional", &sellNotional)
        try coder.packed("notional", &notional)
        try coder.packed("buyCount", &buyCount)
        try coder.packed("sellCount", &sellCount)
    }
}
