/// The funding rate in force, as merged from the venue's partial updates.
@frozen
public struct FundingRate: Sendable, Equatable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// When the venue stamped the update: nanoseconds since the Unix epoch, UTC.
    public var exchangeTime: Int64
    /// When its frame arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// The rate per interval (0.0001 = 0.01 %).
    public var rate: FixedDecimal
    /// The next settlement: nanoseconds since the Unix epoch, UTC; nil if the venue did not say.
    public var nextFundingTime: Int64?
    /// Hours between settlements; nil if the venue did not say.
    public var intervalHours: FixedDecimal?

    /// Makes a funding rate; times in nanoseconds since the Unix epoch.
    @inlinable
    public init(
        instrument: InstrumentIndex,
        rate: FixedDecimal,
        nextFundingTime: Int64?,
        intervalHours: FixedDecimal?,
        exchangeTime: Int64,
        receiveTime: Int64
    ) {
        self.instrument = instrument
        self.exchangeTime = exchangeTime
        self.receiveTime = receiveTime
        self.rate = rate
        self.nextFundingTime = nextFundingTime
        self.intervalHours = intervalHours
    }
}
