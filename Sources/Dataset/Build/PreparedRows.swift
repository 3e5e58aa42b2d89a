package import MarketModel
import Synchronizer

/// Rows and labels of all instruments in temporary files, to be split and scaled.
package struct PreparedRows: Sendable {
    /// One instrument's rows.
    package struct Series: Sendable {
        package var instrument: Instrument
        package var rows: RowStore
        package var labels: LabelStore
        package var summary: RowSummary
    }

    /// The plan.
    package var plan: DatasetPlan
    /// The feature columns of the plan, as the rows hold them.
    package var columns: [FeatureColumn]
    /// Those that the set has.
    package var used: [Int]
    /// The instruments in the order of the set.
    package var series: [Series]
    /// What the replay said of itself.
    package var report: RowSourceReport

    /// The first and the last decision time of all instruments.
    package var decisions: ClosedRange<Int64>? {
        let spans = series.compactMap(\.summary.available)
        guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max() else {
            return nil
        }
        let decide = { SamplePlanner.decision($0, latency: plan.latency) }
        return decide(first)...decide(last)
    }

    /// The time after a boundary without samples: the plan's, or the longest horizon.
    package var embargo: Int64 {
        if let embargo = plan.embargo { return embargo }
        return plan.labels.enumerated().reduce(0) { longest, label in
            switch label.element.horizon {
            case .time(let length): max(longest, length)
            case .rows(let rows):
                // Off the grid a number of rows has no fixed length: use the longest seen.
                plan.emitsPerEvent
                    ? series.reduce(longest) { max($0, $1.labels.longest[label.offset]) }
                    : max(longest, Int64(rows).multipliedReportingOverflow(by: plan.rows.period).partialValue)
            case nil: longest
            }
        }
    }

    /// Calls `body` with each row of an instrument, its labels, and its outcome in a fold.
    func forEach(
        _ index: Int,
        _ fold: Fold,
        _ body: (borrowing DatasetRow, [LabelValue], SamplePlanner.Use) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        var planner = SamplePlanner(
            fold,
            window: plan.window,
            stride: plan.stride,
            embargo: embargo,
            latency: plan.latency
        )
        var rows = try series[index].rows.reader()
        var labels = try series[index].labels.reader()
        while try rows.next(), try labels.next() {
            let use = planner.next(rows.row.path, labels.values)
            try body(rows.row, labels.values, use)
        }
    }
}

extension PreparedRows {
    /// Replays the source once and computes features and labels into files in `folder`.
    package static func prepare(
        _ plan: DatasetPlan,
        _ source: any RowSource,
        _ features: any RowFeatures,
        _ cut: AuditCut = .whole,
        in folder: String,
        threads: Int = 1,
        progress: @escaping (Int) -> Void = { _ in }
    ) throws(DatasetError) -> PreparedRows {
        let columns = features.columns
        if let column = columns.first(where: { $0.levels > plan.rows.depth }) {
            throw .contradiction(
                "\(column.name) looks at \(column.levels) levels a side, and rows show \(plan.rows.depth)",
                toDo: "ask for --depth \(columns.map(\.levels).max() ?? column.levels), or for fewer levels"
            )
        }
        let collector = RowCollector(plan, features, folder: folder, progress: progress)
        let report = try source.replay(plan.rows, cut, into: collector)
        let collected = try collector.collected()
        let stores = try ParallelWork.map(collected.count, threads: threads) { (index) throws(DatasetError) in
            try LabelStore.compute(collected[index].rows, plan: plan, path: "\(folder)/labels-\(index)")
        }
        let series = zip(collected, stores).map { one, labels in
            Series(instrument: one.instrument, rows: one.rows, labels: labels, summary: one.summary)
        }
        return PreparedRows(
            plan: plan,
            columns: columns,
            used: Array(columns.indices),
            series: series,
            report: report
        )
    }
}
