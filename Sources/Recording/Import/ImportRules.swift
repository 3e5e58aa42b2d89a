public import MarketModel

/// What an import needs to know of an exchange; passed in, since this module knows none.
public struct ImportRules: Sendable {
    /// The exchange's name in topics.
    public var exchange: String
    /// The wire format written into channel metadata; empty if none is known.
    public var protocolID: String
    /// The exchange's markets; a single one need not be given.
    public var markets: [Market]
    /// The venue's time of a frame: nanoseconds since the Unix epoch; nil if it has none.
    public var venueTime: @Sendable (RawSpan) -> Int64?
    /// Makes a probe for a connection's market; nil if its frames cannot tell.
    public var makeProbe: @Sendable () -> (any MarketProbe)?

    /// Makes rules.
    public init(
        exchange: String,
        protocolID: String,
        markets: [Market],
        venueTime: @escaping @Sendable (RawSpan) -> Int64?,
        makeProbe: @escaping @Sendable () -> (any MarketProbe)?
    ) {
        self.exchange = exchange
        self.protocolID = protocolID
        self.markets = markets
        self.venueTime = venueTime
        self.makeProbe = makeProbe
    }
}
