public import MarketModel

/// One channel of a recording: a connection and a direction.
public struct FrameChannel: Equatable, Sendable {
    /// The exchange's name; empty for ``FrameDirection/clock`` and ``FrameDirection/other``.
    public var exchange: String
    /// The market, such as `linear`; empty like ``exchange``.
    public var market: String
    /// The connection within the session, such as `c0`; empty like ``exchange``.
    public var slot: String
    /// What runs over it.
    public var direction: FrameDirection
    /// The WebSocket's address; empty if not known.
    public var endpoint = ""
    /// The wire format's id; empty if not known.
    public var protocolID = ""
    /// The subscription arguments as sent; empty if not known.
    public var subscriptions = ""
    /// The path of the request that all its replies answer; empty if there are several, or it is not known.
    public var request = ""
    /// The kinds subscribed, if no acknowledgement in the frames names them.
    public var subscribedKinds: FeedKinds = []
    /// The connection's name in the capture it was imported from; empty if it was not imported.
    public var connection = ""
    /// The group of connections that bring the same; empty for a connection by itself.
    public var redundant = ""
    /// The topic in the file.
    public private(set) var topic: String

    /// Makes a channel of a connection.
    public init(exchange: String, market: String, slot: String, direction: FrameDirection) {
        self.exchange = exchange
        self.market = market
        self.slot = slot
        self.direction = direction
        topic = "/\(exchange)/\(market)/\(slot)/\(direction.rawValue)"
    }

    /// The session's clock.
    public static let clock = FrameChannel(topic: "/session/clock")

    /// Parses a topic: `/<exchange>/<market>/<slot>/<direction>`.
    public init(topic: String) {
        self.topic = topic
        (exchange, market, slot, direction) = ("", "", "", .other)
        let parts = topic.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if topic == "/session/clock" {
            direction = .clock
        } else if parts.count == 5, parts[0].isEmpty,
            let found = FrameDirection(rawValue: parts[4]), found != .clock, found != .other
        {
            (exchange, market, slot, direction) = (parts[1], parts[2], parts[3], found)
        }
    }

    /// The connection's name.
    public var name: ConnectionName { ConnectionName(exchange: exchange, market: market, slot: slot) }

    /// Whether two channels belong to one connection.
    public func isConnection(of other: FrameChannel) -> Bool {
        !slot.isEmpty && exchange == other.exchange && market == other.market && slot == other.slot
    }
}

extension FrameChannel: StateElement {
    package static var blank: FrameChannel { FrameChannel(topic: "") }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("topic", &topic)
        if coder.isReading { self = FrameChannel(topic: topic) }
        try coder.packed("endpoint", &endpoint)
        try coder.packed("protocolID", &protocolID)
        try coder.packed("subscriptions", &subscriptions)
        try coder.packed("request", &request)
        try coder.packed("subscribedKinds", &subscribedKinds)
        try coder.packed("connection", &connection)
        try coder.packed("redundant", &redundant)
    }
}

extension FrameDirection: StateElement {
    package static var blank: FrameDirection { .other }
}
