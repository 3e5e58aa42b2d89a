public import MarketModel

/// What an import must know of an exchange; it is handed in, since recordings know no exchange.
public struct ImportRules: Sendable {
    /// The exchange's name in topics.
    public var exchange: String
    /// The wire format written into channel metadata; empty if none is known.
    public var protocolID: String
    /// The markets the exchange has; a single one needs no telling.
    public var markets: [Market]
    /// The venue's time of a frame: nanoseconds since the Unix epoch; nil if it has none.
    public var venueTime: @Sendable (RawSpan) -> Int64?
    /// A fresh look-out for a connection's market; nil if its frames cannot tell.
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
