public import Features
public import MarketModel
import Synchronization
import Synchronizer

/// A row with its instrument.
public struct LiveRow: Sendable, Equatable {
    /// The instrument.
    public var instrument: Instrument
    /// The row.
    public var aggregate: MarketAggregate
}
