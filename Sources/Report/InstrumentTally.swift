package import MarketModel

/// Statistics of one instrument; memory does not grow with the number of rows.
package struct InstrumentTally: Sendable {
    /// Rows.
    package private(set) var rows = 0
    /// Rows whose edge is after the end of the data.
    package private(set) var partialRows = 0
    /// Rows with `gap` set.
    package private(set) var gapRows = 0
    /// Rows with a synced book.
    package private(set) var syncedRows = 0
    /// Ages of synced books.
    package private(set) var ages = AgeHistogram()
    /// Values over time; nil where no charts are drawn of the instrument.
    package private(set) var series: TimeSeries<RowBucket>?
    private var observed = [Int](repeating: 0, count: 5)

    /// An empty tally; `series` collects the values for charts.
    package init(series: TimeSeries<RowBucket>?) {
        self.series = series
    }

    /// Adds a row.
    ///
    /// Precondition: rows are in order.
    package mutating func add(_ row: ReportedRow) {
        rows += 1
        if row.partial { partialRows += 1 }
        if row.gap { gapRows += 1 }
        if row.isSynced { syncedRows += 1 }
        if let age = row.bookAge { ages.add(age) }
        for bit in observed.indices where row.observed.rawValue & (1 << UInt8(bit)) != 0 {
            observed[bit] += 1
        }
        // A row contains what comes before its edge.
        series?.update(at: row.ts &- 1) { $0.add(row) }
    }

    /// Rows throughout which the feed of a kind was live.
    package func observed(_ kind: FeedKinds) -> Int {
        let bit = kind.rawValue.trailingZeroBitCount
        return bit < observed.count ? observed[bit] : 0
    }
}

extension RowBucket {
    mutating func add(_ row: ReportedRow) {
        rows += 1
        if row.gap { gapRows += 1 }
        if let value = row.mid { mid.add(value) }
        if let value = row.spread { spread.add(value) }
        if let value = row.imbalance { imbalance.add(value) }
        guard let volume = row.volume, volume.isFinite else { return }
        self.volume += volume
        tradedRows += 1
    }
}
