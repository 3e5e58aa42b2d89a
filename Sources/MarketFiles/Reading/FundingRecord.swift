import MarketModel

/// A funding rate of a market file.
public struct FundingRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// The rate of one interval.
    public var fundingRate: Double
    /// Hours between settlements; nil if the venue did not say.
    public var intervalHours: Double?
    /// The next settlement: nanoseconds since the Unix epoch, UTC; nil if the venue did not say.
    public var nextFundingTs: Int64?
}
