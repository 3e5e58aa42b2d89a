package import Features
package import MarketModel
package import Synchronizer

/// Turns rows into the features of the set, keeping what rolling ones need per instrument.
package protocol RowFeatures {
    /// The columns in order.
    var columns: [FeatureColumn] { get }
    /// Writes the numbers of a row, one a column; an absent one is 0 with `isPresent` false.
    ///
    /// The arrays have one element a column. Precondition: rows of an instrument are in order.
    mutating func evaluate(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        values: inout [Double],
        isPresent: inout [Bool]
    )
    /// Applies an instrument's definition to the rows that follow; ignored by default.
    mutating func define(_ instrument: InstrumentIndex, as definition: InstrumentDefinition)
    /// Writes what is kept from row to row, or reads it back.
    mutating func code(_ coder: inout StateCoder) throws(StateError)
}

extension RowFeatures {
    /// By default ignores definitions.
    package mutating func define(_ instrument: InstrumentIndex, as definition: InstrumentDefinition) {}
}
