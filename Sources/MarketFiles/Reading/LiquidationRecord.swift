public import MarketModel
import OrderBooks

/// A liquidation of a market file.
public struct LiquidationRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// The side of the forced order.
    public var side: Side
    /// Price, quote.
    public var price: Double
    /// Size: base, or quote on inverse markets.
    public var amount: Double
}
