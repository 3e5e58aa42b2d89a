package import Features
package import MarketModel
package import Synchronizer

/// The features of the catalog, as a plan names them.
package struct CatalogFeatures: RowFeatures {
    private var evaluator: FeatureEvaluator

    /// Resolves names of sets and single features; the error names the nearest of a misspelt one.
    package init(_ names: [String]) throws(DatasetError) {
        do throws(FeatureError) {
            evaluator = try FeatureEvaluator(names: names)
        } catch {
            switch error {
            case .unknown(let name, let nearest):
                throw .unknownName(kind: "feature", name: name, nearest: nearest)
            case .outOfRange(let name, let expected):
                throw .badValue(key: "features", found: name, expected: expected)
            case .noFeatures:
                throw .badValue(key: "features", found: "", expected: "at least one feature or set")
            }
        }
    }

    package var columns: [FeatureColumn] {
        evaluator.columns.map { info in
            var column = FeatureColumn(
                name: info.name,
                formula: info.formula,
                unit: info.unit,
                warmUp: info.warmUp == 0 ? "none" : "\(info.warmUp) rows",
                undefined: info.undefined,
                source: info.source
            )
            column.needsDefinition = info.needsDefinition
            column.levels = info.levels
            return column
        }
    }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try evaluator.code(&coder)
    }

    package mutating func define(_ instrument: InstrumentIndex, as definition: InstrumentDefinition) {
        evaluator.define(instrument, as: definition)
    }

    package mutating func evaluate(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        values: inout [Double],
        isPresent: inout [Bool]
    ) {
        evaluator.evaluate(
            snapshot,
            aggregate,
            market: instrument.market,
            values: &values,
            isPresent: &isPresent
        )
    }
}
