/// A connection by the names that the log has for it.
public struct ConnectionName: Hashable, Sendable {
    /// The exchange's name.
    public var exchange: String
    /// The market, such as `linear`.
    public var market: String
    /// The connection within the session, such as `c0`.
    public var slot: String

    /// Names a connection.
    public init(exchange: String, market: String, slot: String) {
        self.exchange = exchange
        self.market = market
        self.slot = slot
    }
}

extension ConnectionName: CustomStringConvertible {
    /// `exchange/market/slot`.
    public var description: String { "\(exchange)/\(market)/\(slot)" }
}
