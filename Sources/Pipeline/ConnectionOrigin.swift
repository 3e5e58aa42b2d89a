import MarketModel

/// What a connection was made with.
struct ConnectionOrigin: StateElement {
    /// Nil if the exchange or the market is unknown.
    var exchange: String?
    var market: Market?
    var session: Int32
    /// The group of connections that bring the same; empty for one by itself.
    var redundant = ""

    static var blank: ConnectionOrigin { ConnectionOrigin(exchange: nil, market: nil, session: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("exchange", &exchange)
        try coder.packed("market", &market)
        try coder.packed("session", &session)
        try coder.packed("redundant", &redundant)
    }
}
