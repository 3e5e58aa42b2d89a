import MarketModel
import Synchronizer

/// A feature's description, as printed by `dataset describe --features` and in data cards.
public struct FeatureInfo: Sendable, Equatable {
    /// The name of its column.
    public var name: String
    /// How it is computed.
    public var formula: String
    /// Its unit.
    public var unit: String
    /// The number of an instrument's rows before the first that can have a value.
    public var warmUp: Int
    /// When it has no value.
    public var undefined: String
    /// Where the formula comes from.
    public var source: String
    /// Whether it needs a recorded definition of the instrument.
    public var needsDefinition = false
    /// How many levels a side it reads; rows must carry as many.
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
