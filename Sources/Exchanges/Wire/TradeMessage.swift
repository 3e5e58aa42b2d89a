public import MarketModel

/// Trades of one symbol to be written.
///
/// Times in nanoseconds since the Unix epoch.
public struct TradeMessage: Sendable {
    /// The symbol as on the wire.
    public var symbol: String
    /// Whether it lists trades from before the subscription.
    public var isSnapshot = false
    /// Whether they are of a forced order, where trades tell that.
    public var isLiquidation = false
    /// Whether the trades were told before, where a venue tells them twice.
    public var isRepeated = false
    /// The trades, in the order in which the venue lists them.
    public var trades: [Trade]
    /// The first and last number of the fills that each trade sums up; empty where trades are fills.
    public var fills: [ClosedRange<Int64>] = []
    /// When the message was sent.
    public var time: Int64
    /// The connection's message number.
    public var number: Int64 = 0

    /// Trades as they happen.
    public init(symbol: String, trades: [Trade], time: Int64) {
        (self.symbol, self.trades, self.time) = (symbol, trades, time)
    }
}
