/// What is traded: exchange, market and the symbol as on the wire.
public struct Instrument: Hashable, Sendable {
    /// The exchange's name in lower case, as the catalog of exchanges has it.
    public var exchange: String
    /// The kind of contract.
    public var market: Market
    /// The symbol exactly as the venue writes it, such as `BTC/USD`.
    public var symbol: String

    /// Names an instrument.
    public init(exchange: String, market: Market, symbol: String) {
        self.exchange = exchange
        self.market = market
        self.symbol = symbol
    }
}

extension Instrument: CustomStringConvertible {
    /// `exchange/market/symbol`.
    public var description: String { "\(exchange)/\(market.rawValue)/\(symbol)" }
}

extension Instrument: Comparable {
    /// By exchange, market name, symbol: bytes of their UTF-8.
    public static func < (left: Instrument, right: Instrument) -> Bool {
        if left.exchange != right.exchange { return precedes(left.exchange, right.exchange) }
        if left.market != right.market { return precedes(left.market.rawValue, right.market.rawValue) }
        return precedes(left.symbol, right.symbol)
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
