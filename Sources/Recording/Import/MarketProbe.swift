public import MarketModel

/// Finds a connection's market by its frames.
public protocol MarketProbe {
    /// Looks at a received frame.
    mutating func observe(_ frame: RawSpan)
    /// The market, once it is told.
    var market: Market? { get }
}
