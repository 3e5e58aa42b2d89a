import MarketModel

/// Surveys one fold, fits its scales and writes it to the outputs.
struct FoldWriter {
    let rows: PreparedRows
    let fold: Fold
    let number: Int?
    let threads: Int

    /// What lies in each part, in order.
    func survey() throws(DatasetError) -> [PartSurvey] {
        let (rows, fold) = (rows, fold)
        let empty = fold.spans.map { _ in PartSurvey(labels: rows.plan.labels.count) }
        let surveys = try ParallelWork.map(rows.series.count, threads: threads) {
            (place) throws(DatasetError) in
            var parts = empty
            try rows.forEach(place, fold) { (_, labels, use) throws(DatasetError) in
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
        let places = Array(rows.series.indices)
        guard plan.normalisesPerInstrument else {
            let scales = try fitter(places).fit(plan.normalise)
            return scales.map { scales in places.map { _ in used(scales) } }
        }
        var all: [[FeatureScale]] = []
        for place in places {
            if let scales = try fitter([place]).fit(plan.normalise) { all.append(used(scales)) }
        }
        return all
    }

    private func used(_ scales: [FeatureScale]) -> [FeatureScale] { rows.used.map { scales[$0] } }

    private func fitter(_ places: [Int]) -> ScaleFitter {
        ScaleFitter(features: rows.columns.count) { (body) throws(DatasetError) in
            for place in places {
                try rows.forEach(place, fold) { (row, _, use) throws(DatasetError) in
                    if case .inside(part: 0, _) = use { body(row) }
                }
            }
        }
    }

    /// Writes every row that lies in a part.
    func write(
        _ scales: [[FeatureScale]]?,
        _ body: (borrowing OutputRow) throws(DatasetError) -> Void
    )
        throws(DatasetError)
    {
        var output = OutputRow(features: rows.used.count, labels: rows.plan.labels.count)
        var numbers = fold.spans.map { _ in 0 }
        let window = rows.plan.window
        for place in rows.series.indices {
            output.instrument = place
            let scales = scales?[place]
            try rows.forEach(place, fold) { (row, labels, use) throws(DatasetError) in
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
        for place in row.features.indices
        where row.features[place].magnitude > Double(Float.greatestFiniteMagnitude) {
            throw .beyondSingle(
                feature: rows.columns[rows.used[place]].name,
                instrument: rows.series[row.instrument].instrument.description,
                ts: row.ts,
                value: row.features[place]
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
        for (place, column) in used.enumerated() {
            isPresent[place] = row.isPresent[column]
            let value = row.isPresent[column] ? row.values[column] : 0
            features[place] = row.isPresent[column] ? scales?[place].scaled(value) ?? value : 0
        }
        for (place, label) in values.enumerated() {
            labels[place] = label.value ?? .nan
            isLabelled[place] = label.value != nil
            labelEnds[place] = label.end
        }
    }
}
