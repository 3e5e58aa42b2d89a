public import MarketModel

/// What the frames of a recorded connection tell of its market, when nobody says which it is of.
public protocol MarketEvidence: Sendable {
    /// The market, once frames have shown it; nil while they have not, or if they contradict each other.
    var market: Market? { get }
    /// Looks at a received frame.
    ///
    /// Cost: a search through it.
    mutating func observe(_ frame: RawSpan)
}
