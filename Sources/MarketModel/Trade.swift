/// One execution.
@frozen
public struct Trade: Sendable {
    // Ordered to leave little padding.

    /// The price, in quote.
    public var price: FixedDecimal
    /// The taker's side.
    public var side: Side
    /// Whether it was in a list sent on subscribing: it happened before the subscription and belongs to no
    /// row.
    public var isSnapshot: Bool
    /// Whether it is no market trade, such as one with an insurance fund: it belongs to no row.
    public var isExcluded: Bool
    /// Whether it sums up fills of one order, where the venue also lists the fills.
    public var isAggregate: Bool
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The size: base, or quote on inverse markets.
    public var size: FixedDecimal
    /// When the venue stamped it: nanoseconds since the Unix epoch, UTC.
    public var exchangeTime: Int64
    /// When its frame arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// The venue's identifier; empty if it sent none.
    public var id: TradeID

    /// Makes a trade; times in nanoseconds since the Unix epoch.
    @inlinable
    public init(
        instrument: InstrumentIndex,
        side: Side,
        price: FixedDecimal,
        size: FixedDecimal,
        id: TradeID,
        exchangeTime: Int64,
        receiveTime: Int64,
        isSnapshot: Bool = false,
        isExcluded: Bool = false,
        isAggregate: Bool = false
    ) {
        self.instrument = instrument
        self.side = side
        self.isSnapshot = isSnapshot
        self.isExcluded = isExcluded
        self.isAggregate = isAggregate
        self.exchangeTime = exchangeTime
        self.receiveTime = receiveTime
        self.price = price
        self.size = size
        self.id = id
    }
}
