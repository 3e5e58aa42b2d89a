/// A step in the opening of a simulated connection.
public enum OpeningStep: Sendable {
    /// The venue greets.
    case greeting
    /// The client asks.
    case request(String)
    /// The venue grants topics, to the request with an id where it tells that.
    case acknowledgement([Subscription], id: String = "")
    /// The book of the symbol at an index.
    case book(Int)
    /// The ticker of a symbol.
    case ticker(Int)
    /// The symbol's last trades again, where there are some.
    case lastTrades(Int)
    /// A list of a symbol's last liquidation, from before the connection.
    case lastLiquidation(Int)
    /// A list of a symbol's last trades; where there are none, of one that happens now.
    case tradeList(Int)
}
