public import MarketModel

/// A ticker to be written: what changed, or all of it.
public struct TickerMessage: Sendable {
    /// The symbol as on the wire.
    public var symbol: String
    /// Whether it is whole rather than what changed.
    public var isSnapshot: Bool
    /// The best prices, in quote.
    public var bid: FixedDecimal
    /// The best ask, in quote.
    public var ask: FixedDecimal
    /// The mark price, in quote.
    public var markPrice: FixedDecimal
    /// The open interest, if it is in the message.
    public var interest: OpenInterest?
    /// The funding rate, if it is in the message.
    public var funding: FundingRate?
    /// A number that rises over all topics.
    public var sequence: Int64 = 0
    /// The connection's message number.
    public var number: Int64 = 0
    /// When the message was sent: nanoseconds since the Unix epoch.
    public var time: Int64 = 0

    /// A ticker of prices alone.
    public init(
        symbol: String,
        isSnapshot: Bool,
        bid: FixedDecimal,
        ask: FixedDecimal,
        markPrice: FixedDecimal
    ) {
        (self.symbol, self.isSnapshot) = (symbol, isSnapshot)
        (self.bid, self.ask, self.markPrice) = (bid, ask, markPrice)
    }
}
