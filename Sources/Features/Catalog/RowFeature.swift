import MarketModel
import Synchronizer

/// A feature of a row alone.
struct RowFeature: Feature {
    let info: FeatureInfo
    let compute: @Sendable (borrowing MarketSnapshot, RowFacts) -> Double?

    func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double? { compute(row, facts) }

    func code(_ coder: inout StateCoder) throws(StateError) {}
}

extension RowFeature {
    /// Nil if the quotient is not a number.
    static func ratio(_ numerator: Double, _ denominator: Double) -> Double? {
        denominator == 0 ? nil : numerator / denominator
    }
}
