public import MarketModel

/// Finds a connection's market from its frames.
public protocol MarketProbe {
    /// Examines a received frame.
    mutating func observe(_ frame: RawSpan)
    /// The market, once known.
    var market: Market? { get }
}
