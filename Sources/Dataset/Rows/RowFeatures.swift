package import Features
package import MarketModel
package import Synchronizer

/// Turns rows into the numbers of the set; remembers what rolling features need, per instrument.
package protocol RowFeatures {
    /// The columns in order.
    var columns: [FeatureColumn] { get }
    /// Writes the numbers of a row, one a column; an absent one is 0 with `isPresent` false.
    ///
    /// The arrays have one element a column. Rows of an instrument come in order.
    mutating func evaluate(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        values: inout [Double],
        isPresent: inout [Bool]
    )
    /// Takes what the venue says of an instrument; by default it does not matter.
    mutating func define(_ instrument: InstrumentIndex, as definition: InstrumentDefinition)
}

extension RowFeatures {
    /// Does nothing.
    package mutating func define(_ instrument: InstrumentIndex, as definition: InstrumentDefinition) {}
}
