import MarketModel

/// Surveys one fold, fits its scales and writes it to the outputs.
struct FoldWriter {
    let rows: PreparedRows
    let fold: Fold
    let number: Int?
    let threads: Int

    /// The content of each part, in order.
    func survey() throws(DatasetError) -> [PartSurvey] {
        let (rows, fold) = (rows, fold)
        let empty = fold.spans.map { _ in PartSurvey(labels: rows.plan.labels.count) }
        let surveys = try ParallelWork.map(rows.series.count, threads: threads) {
            (index) throws(DatasetError) in
            var parts = empty
            try rows.forEach(index, fold) { (_, labels, use) throws(DatasetError) in
                if case .inside(let part, let fate) = use { parts[part].add(fate, labels) }
            }
            return parts
        }
        var sum = empty
        for parts in surveys {
            for part in parts.indices { sum[part].add(parts[part]) }
        }
        return sum
    }

    /// Refuses a part without samples.
    func check(_ surveys: [PartSurvey]) throws(DatasetError) {
        for (part, survey) in surveys.enumerated() where survey.samples == 0 {
            throw .emptyPart(
                part: fold.spans[part].part.rawValue,
                fold: number ?? 0,
                rows: survey.rows,
                dropped: survey.dropped
            )
        }
    }

    /// The scales of the set's features, an instrument; nil for no scaling.
    ///
    /// They are fitted on the rows of the first part, training.
    func fit() throws(DatasetError) -> [[FeatureScale]]? {
        let plan = rows.plan
        guard plan.normalise != .none else { return nil }
        let indexes = Array(rows.series.indices)
        guard plan.normalisesPerInstrument else {
            let scales = used(try fit(indexes, threads: threads))
            return indexes.map { _ in scales }
        }
        return try ParallelWork.map(indexes.count, threads: threads) { [self] (index) throws(DatasetError) in
            used(try fit([index], threads: 1))
        }
    }

    private func used(_ scales: [FeatureScale]) -> [FeatureScale] { rows.used.map { scales[$0] } }

    /// The scales of all features over these instruments.
    private func fit(_ indexes: [Int], threads: Int) throws(DatasetError) -> [FeatureScale] {
        var fit = ScaleFit(rows.plan.normalise, features: rows.columns.count)
        while let none = fit.tally {
            // One a thread, for all its instruments: that of ranks can take half a megabyte a feature.
            let workers = max(1, min(threads, indexes.count))
            let tallies = try ParallelWork.map(workers, threads: threads) {
                [self] (worker) throws(DatasetError) in
                var tally = none
                for place in stride(from: worker, to: indexes.count, by: workers) {
                    try rows.forEach(indexes[place], fold) { (row, _, use) throws(DatasetError) in
                        if case .inside(part: 0, _) = use { tally.add(row) }
                    }
                }
                return tally
            }
            fit.end(with: tallies.dropFirst().reduce(into: tallies[0]) { $0.merge($1) })
        }
        return fit.scales ?? []
    }

    /// Writes every row that is in a part.
    func write(
        _ scales: [[FeatureScale]]?,
        _ body: (borrowing OutputRow) throws(DatasetError) -> Void
    )
        throws(DatasetError)
    {
        var output = OutputRow(features: rows.used.count, labels: rows.plan.labels.count)
        var numbers = fold.spans.map { _ in 0 }
        let window = rows.plan.window
        for index in rows.series.indices {
            output.instrument = index
            let scales = scales?[index]
            try rows.forEach(index, fold) { (row, labels, use) throws(DatasetError) in
                guard case .inside(let part, let fate) = use else { return }
                output.part = part
                output.number = numbers[part]
                output.windowStart = fate == .sample ? numbers[part] - window + 1 : nil
                output.fill(row, rows.used, labels, scales)
                try checkRange(output)
                numbers[part] += 1
                try body(output)
            }
        }
    }
}

// Range.
extension FoldWriter {
    /// Refuses a number that single precision would make infinite.
    private func checkRange(_ row: borrowing OutputRow) throws(DatasetError) {
        guard !rows.plan.isDouble else { return }
        for index in row.features.indices
        where row.features[index].magnitude > Double(Float.greatestFiniteMagnitude) {
            throw .beyondSingle(
                feature: rows.columns[rows.used[index]].name,
                instrument: rows.series[row.instrument].instrument.description,
                ts: row.ts,
                value: row.features[index]
            )
        }
    }
}

extension OutputRow {
    fileprivate mutating func fill(
        _ row: borrowing DatasetRow,
        _ used: [Int],
        _ values: [LabelValue],
        _ scales: [FeatureScale]?
    ) {
        ts = row.ts
        available = row.available
        price = row.price
        isGap = row.flags.contains(.gap)
        isPartial = row.flags.contains(.partial)
        startsAnew = row.flags.contains(.startsAnew)
        for (index, column) in used.enumerated() {
            isPresent[index] = row.isPresent[column]
            let value = row.isPresent[column] ? row.values[column] : 0
            features[index] = row.isPresent[column] ? scales?[index].scaled(value) ?? value : 0
        }
        for (index, label) in values.enumerated() {
            labels[index] = label.value ?? .nan
            isLabelled[index] = label.value != nil
            labelEnds[index] = label.end
        }
    }
}
