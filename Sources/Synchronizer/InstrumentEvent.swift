import MarketModel

/// A decoded event of one instrument, with its stamps.
protocol InstrumentEvent: Sendable {
    /// Its kind of data.
    static var kind: FeedKinds { get }
    var instrument: InstrumentIndex { get }
    /// The venue's stamp, nanoseconds since the Unix epoch; nil if it has none.
    var venueTime: Int64? { get }
    /// When its frame arrived, nanoseconds since the Unix epoch.
    var receiveTime: Int64 { get }
}

extension BookUpdate: InstrumentEvent {
    static var kind: FeedKinds { .book }
    var venueTime: Int64? { exchangeTime }
}

extension Trade: InstrumentEvent {
    static var kind: FeedKinds { .trades }
    var venueTime: Int64? { exchangeTime }
}

extension Liquidation: InstrumentEvent {
    static var kind: FeedKinds { .liquidations }
    var venueTime: Int64? { exchangeTime }
}

extension FundingRate: InstrumentEvent {
    static var kind: FeedKinds { .fundingRates }
    var venueTime: Int64? { exchangeTime }
}

extension OpenInterest: InstrumentEvent {
    static var kind: FeedKinds { .openInterest }
    var venueTime: Int64? { exchangeTime }
}
