public import MarketModel
import OrderBooks

/// A trade of a market file.
public struct TradeRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// The taker's side.
    public var side: Side
    /// Price, quote.
    public var price: Double
    /// Size: base, or quote on inverse markets.
    public var amount: Double
    /// The venue's identifier; nil if it gave none.
    public var id: String?
}
