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

/// What a column of the set means.
package struct FeatureColumn: Equatable, Sendable {
    /// The column's name.
    package var name: String
    /// How it is computed.
    package var formula: String
    /// The unit of its values.
    package var unit: String
    /// How many rows it needs before its first value, or in words.
    package var warmUp: String
    /// When it is absent.
    package var undefined: String
    /// Where the formula is from.
    package var source: String
    /// Whether it has a value only where a definition of the instrument was recorded.
    package var needsDefinition = false
    /// How many levels a side of the book it looks at.
    package var levels = 1

    package init(
        name: String,
        formula: String,
        unit: String,
        warmUp: String = "none",
        undefined: String = "",
        source: String = ""
    ) {
        self.name = name
        self.formula = formula
        self.unit = unit
        self.warmUp = warmUp
        self.undefined = undefined
        self.source = source
    }
}
