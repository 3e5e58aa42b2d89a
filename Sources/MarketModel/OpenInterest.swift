/// The open interest in force, as merged from the venue's partial updates.
@frozen
public struct OpenInterest: Sendable, Equatable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// When the venue stamped the update: nanoseconds since the Unix epoch, UTC.
    public var exchangeTime: Int64
    /// When its frame arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// Open contracts: base, or quote on inverse markets.
    public var openInterest: FixedDecimal
    /// Its value in quote as the venue states it, if it does.
    public var value: FixedDecimal?
    /// The mark price, in quote, if known.
    public var markPrice: FixedDecimal?

    /// Makes an open interest; times in nanoseconds since the Unix epoch.
    @inlinable
    public init(
        instrument: InstrumentIndex,
        openInterest: FixedDecimal,
        value: FixedDecimal?,
        markPrice: FixedDecimal?,
        exchangeTime: Int64,
        receiveTime: Int64
    ) {
        self.instrument = instrument
        self.exchangeTime = exchangeTime
        self.receiveTime = receiveTime
        self.openInterest = openInterest
        self.value = value
        self.markPrice = markPrice
    }
}
