import MarketModel
import Synchronizer

/// What a feature is: what `dataset describe --features` prints and data cards repeat.
public struct FeatureInfo: Sendable, Equatable {
    /// The name of its column.
    public var name: String
    /// How it is computed.
    public var formula: String
    /// Its unit.
    public var unit: String
    /// How many rows of an instrument come before the first that can have a value.
    public var warmUp: Int
    /// When it has no value.
    public var undefined: String
    /// Where the formula comes from.
    public var source: String
    /// Whether it has a value only where the venue's definition of the instrument was recorded.
    public var needsDefinition = false
    /// How many levels a side it looks at: rows must show as many.
    public var levels = 1

    /// Describes a feature.
    public init(
        name: String,
        formula: String,
        unit: String,
        warmUp: Int = 0,
        undefined: String,
        source: String
    ) {
        self.name = name
        self.formula = formula
        self.unit = unit
        self.warmUp = warmUp
        self.undefined = undefined
        self.source = source
    }
}
