import MarketModel
import Synchronizer

extension PreparedRows {
    /// Refuses what cannot become a dataset: no rows, features or labels without any value.
    func check() throws(DatasetError) {
        for one in series where one.rows.count == 0 {
            throw .noRows("\(one.instrument) has none in the span asked for")
        }
        if series.isEmpty {
            throw .noRows(
                "no instrument was moved by the \(plan.rows.clock.rawValue) clock (try another --clock)"
            )
        }
        if !plan.masksMissing { try checkFeatures() }
        for (place, label) in plan.labels.enumerated()
        where series.allSatisfy({ $0.labels.defined[place] == 0 }) {
            throw .labelUndefined(
                name: label.text,
                rows: series.reduce(0) { $0 + $1.rows.count },
                longestRun: series.map(\.summary.longestRun).max() ?? 0
            )
        }
    }

    private func checkFeatures() throws(DatasetError) {
        for one in series {
            let missing = columns.indices.filter { one.summary.defined[$0] == 0 }.map { columns[$0] }
            guard !missing.isEmpty else { continue }
            if !one.summary.isDefined, let column = missing.first(where: \.needsDefinition) {
                throw .noDefinition(feature: column.name, instrument: one.instrument.description)
            }
            let names = missing.map(\.name)
            throw .featuresUndefined(names, instrument: one.instrument.description, rows: one.rows.count)
        }
    }

    /// Features without any value, as (feature, instrument).
    var undefined: [(feature: String, instrument: String)] {
        series.flatMap { one in
            columns.indices.filter { one.summary.defined[$0] == 0 }
                .map { (columns[$0].name, one.instrument.description) }
        }
    }
}
