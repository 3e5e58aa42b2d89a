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

/// Finds a connection's market by its frames.
public protocol MarketProbe {
    /// Looks at a received frame.
    mutating func observe(_ frame: RawSpan)
    /// The market, once it is told.
    var market: Market? { get }
}

/// The formats an import reads.
public enum ImportFormat: String, Equatable, Sendable, CaseIterable {
    /// JSON lines `{"recv_ns":…,"conn":…,"frame":…}`.
    case jsonl
    /// cryptofeed's raw files: `<seconds>: <frame>` and lines of connections and requests.
    case cryptofeed
    /// tardis.dev's `<RFC 3339 time> <frame>`; an empty line is a disconnect.
    case tardis
    /// hftbacktest's collector: `<nanoseconds> <frame>`.
    case hftbacktest

    /// What the format cannot express, for the session's metadata.
    var shortcomings: String? {
        switch self {
        case .jsonl: nil
        case .cryptofeed: "receive times in float seconds; disconnects only where a reconnect follows"
        case .tardis: "sent frames and subscriptions; times of disconnects (the frame before stands in)"
        case .hftbacktest: "connections, sent frames, disconnects"
        }
    }
}
