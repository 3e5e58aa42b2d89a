import MarketModel
import Synchronizer

extension PreparedRows {
    /// Throws if there are no rows, or features or labels without any value; leaves out columns without any
    /// value if the plan says so.
    mutating func chooseColumns() throws(DatasetError) {
        for one in series where one.rows.count == 0 {
            throw .noRows("\(one.instrument) has none in the span asked for")
        }
        if series.isEmpty {
            throw .noRows(
                "no instrument was moved by the \(plan.rows.clock.rawValue) clock (try another --clock)"
            )
        }
        try chooseFeatures()
        for (index, label) in plan.labels.enumerated()
        where series.allSatisfy({ $0.labels.defined[index] == 0 }) {
            throw .labelUndefined(
                name: label.text,
                rows: series.reduce(0) { $0 + $1.rows.count },
                longestRun: series.map(\.summary.longestRun).max() ?? 0
            )
        }
    }

    private mutating func chooseFeatures() throws(DatasetError) {
        guard plan.missing != .mask else { return }
        try checkDefinitions()
        if plan.missing == .refuse { try checkFeatures() }
        used = columns.indices.filter { index in series.contains { $0.summary.defined[index] > 0 } }
        guard used.isEmpty, let first = series.first else { return }
        let name = series.count == 1 ? first.instrument.description : "all instruments"
        let rows = series.reduce(0) { $0 + $1.rows.count }
        throw .featuresUndefined(columns.map(\.name), instrument: name, rows: rows)
    }

    /// A tick size is never inferred.
    private func checkDefinitions() throws(DatasetError) {
        for one in series where !one.summary.isDefined {
            let missing = columns.indices.filter { one.summary.defined[$0] == 0 }.map { columns[$0] }
            if let column = missing.first(where: \.needsDefinition) {
                throw .noDefinition(feature: column.name, instrument: one.instrument.description)
            }
        }
    }

    private func checkFeatures() throws(DatasetError) {
        for one in series {
            let missing = columns.indices.filter { one.summary.defined[$0] == 0 }.map { columns[$0].name }
            guard !missing.isEmpty else { continue }
            throw .featuresUndefined(missing, instrument: one.instrument.description, rows: one.rows.count)
        }
    }

    /// Features of the set without any value in an instrument, as (feature, instrument).
    var undefined: [(feature: String, instrument: String)] {
        series.flatMap { one in
            used.filter { one.summary.defined[$0] == 0 }
                .map { (columns[$0].name, one.instrument.description) }
        }
    }

    /// Features of the plan that the set does not have.
    var leftOut: [String] {
        columns.indices.filter { !used.contains($0) }.map { columns[$0].name }
    }

    /// Features of the set with one and the same value in all rows that have one.
    var constant: [String] {
        used.filter { index in
            let values = series.map(\.summary).filter { $0.defined[index] > 0 }
            return values.allSatisfy { !$0.varies[index] && $0.firsts[index] == values[0].firsts[index] }
                && !values.isEmpty
        }.map { columns[$0].name }
    }
}
