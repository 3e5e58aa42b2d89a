/// One forced order of a liquidated position.
@frozen
public struct Liquidation: Sendable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The side of the forced order: a liquidated long sells.
    public var side: Side
    /// Whether it was in a list sent on subscribing: it happened before the subscription and belongs to no
    /// row.
    public var isSnapshot: Bool
    /// When the venue stamped it: nanoseconds since the Unix epoch, UTC.
    public var exchangeTime: Int64
    /// When its frame arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// The price, in quote.
    public var price: FixedDecimal
    /// The size: base, or quote on inverse markets.
    public var size: FixedDecimal

    /// Makes a liquidation; times in nanoseconds since the Unix epoch.
    @inlinable
    public init(
        instrument: InstrumentIndex,
        side: Side,
        price: FixedDecimal,
        size: FixedDecimal,
        exchangeTime: Int64,
        receiveTime: Int64,
        isSnapshot: Bool = false
    ) {
        self.instrument = instrument
        self.side = side
        self.isSnapshot = isSnapshot
        self.exchangeTime = exchangeTime
        self.receiveTime = receiveTime
        self.price = price
        self.size = size
    }
}
