import Features
import MarketModel
import Synchronizer

/// What a column of the set means.
package struct FeatureColumn: Equatable, Sendable {
    /// The column's name.
    package var name: String
    /// How it is computed.
    package var formula: String
    /// The unit of its values.
    package var unit: String
    /// How many rows it needs before its first value, or a description.
    package var warmUp: String
    /// When it is absent.
    package var undefined: String
    /// Where the formula is from.
    package var source: String
    /// Whether it needs a recorded definition of the instrument.
    package var needsDefinition = false
    /// How many levels a side of the book it reads.
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
