import MarketModel
import Synchronizer

/// √Σr² of the last W log returns of the mid from row to row.
struct RealizedVolatility: Feature {
    let info: FeatureInfo
    private var returns: RollingWindow<Double>
    private var previous: ExactPrice?

    init(window: Int) {
        returns = RollingWindow(length: window)
        info = FeatureInfo(
            name: "realized_volatility_\(window)",
            formula: "sqrt(sum of r^2) over the last \(window) rows, r = ln(mid / mid of the row before)",
            unit: "1 per \(window) rows",
            warmUp: window,
            undefined: "a mid absent among the last \(window + 1) rows",
            source: "Andersen, Bollerslev, Diebold, Labys 2003, doi:10.1111/1468-0262.00418"
        )
    }

    mutating func value(of row: borrowing MarketSnapshot, _ facts: RowFacts) -> Double? {
        let current = facts.top?.mid
        var step: Double?
        if let current, let previous {
            step = NaturalLogarithm.of(ExactReturn(from: previous, to: current))
        }
        previous = current
        returns.append(step)
        guard returns.isComplete else { return nil }
        return returns.reduce(0.0) { $0 += $1 * $1 }.squareRoot()
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("returns", &returns)
        try coder.field("previous", &previous)
    }
}
