import MarketModel

/// An open interest of a market file.
public struct OpenInterestRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// Contracts or base.
    public var openInterest: Double
    /// The same in quote; nil if the venue did not say.
    public var value: Double?
    /// The mark price, quote; nil if the venue did not say.
    public var markPrice: Double?
}
