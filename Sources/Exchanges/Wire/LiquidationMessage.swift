public import MarketModel

/// A liquidation to be written.
public struct LiquidationMessage: Sendable {
    /// The symbol as on the wire.
    public var symbol: String
    /// The forced order.
    public var liquidation: Liquidation
    /// When the message was sent: nanoseconds since the Unix epoch.
    public var time: Int64
    /// The connection's message number.
    public var number: Int64 = 0

    /// A message of one forced order.
    public init(symbol: String, liquidation: Liquidation, time: Int64) {
        (self.symbol, self.liquidation, self.time) = (symbol, liquidation, time)
    }
}
