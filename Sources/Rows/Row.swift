public import Features
public import MarketModel
public import Synchronizer

/// What is emitted for one instrument at one edge.
public struct Row: Sendable {
    /// The instrument.
    public var instrument: Instrument
    /// What it holds.
    public var snapshot: MarketSnapshot
    /// Its numbers.
    public var aggregate: MarketAggregate
    /// Whether the end of the data emitted it, not a frame.
    public var isFinal: Bool

    /// Makes a row.
    @inlinable
    public init(
        _ snapshot: MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        isFinal: Bool = false
    ) {
        self.instrument = instrument
        self.snapshot = snapshot
        self.aggregate = aggregate
        self.isFinal = isFinal
    }
}
