package import MarketModel

/// What a page takes from one row.
package struct ReportedRow: Sendable {
    /// The row's label, its right edge: nanoseconds since the Unix epoch, UTC.
    package var ts: Int64
    /// `ob_mid_price`, quote.
    package var mid: Double?
    /// `ob_spread`, quote.
    package var spread: Double?
    /// `ob_imbalance`.
    package var imbalance: Double?
    /// `trade_volume`, base; nil if trades were not observed.
    package var volume: Double?
    /// The age of the book, nanoseconds; nil without a synced book.
    package var bookAge: Int64?
    /// The kinds whose feed was live throughout the row's period.
    package var observed: FeedKinds
    /// Whether the book was synced.
    package var isSynced: Bool
    /// Whether the book was gapped or a feed not live at some time in the period.
    package var gap: Bool
    /// Whether the data ended before the row's edge.
    package var partial: Bool

    /// Makes the facts of a row.
    package init(
        ts: Int64,
        mid: Double?,
        spread: Double?,
        imbalance: Double?,
        volume: Double?,
        bookAge: Int64?,
        observed: FeedKinds,
        isSynced: Bool,
        gap: Bool,
        partial: Bool
    ) {
        (self.ts, self.mid, self.spread, self.imbalance) = (ts, mid, spread, imbalance)
        (self.volume, self.bookAge, self.observed) = (volume, bookAge, observed)
        (self.isSynced, self.gap, self.partial) = (isSynced, gap, partial)
    }
}

/// What is collected of one instrument: its memory does not grow with the number of rows.
package struct InstrumentTally: Sendable {
    /// Rows.
    package private(set) var rows = 0
    /// Rows whose edge lies after the end of the data.
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

    /// Nothing collected; `series` takes the values that charts are drawn of.
    package init(series: TimeSeries<RowBucket>?) {
        self.series = series
    }

    /// Takes a row; rows come in order.
    package mutating func add(_ row: ReportedRow) {
        rows += 1
        if row.partial { partialRows += 1 }
        if row.gap { gapRows += 1 }
        if row.isSynced { syncedRows += 1 }
        if let age = row.bookAge { ages.add(age) }
        for bit in observed.indices where row.observed.rawValue & (1 << UInt8(bit)) != 0 {
            observed[bit] += 1
        }
        // A row holds what lies before its edge.
        series?.update(at: row.ts &- 1) { $0.add(row) }
    }

    /// Rows throughout which the feed of a kind was live.
    package func observed(_ kind: FeedKinds) -> Int {
        let bit = kind.rawValue.trailingZeroBitCount
        return bit < observed.count ? observed[bit] : 0
    }
}

/// How often and how long a book was wrong.
package struct GapTally: Sendable, Equatable {
    /// Changes into gapped.
    package private(set) var count = 0
    /// How long it was gapped, nanoseconds.
    package private(set) var time: Int64 = 0
    private var openedAt: Int64?

    /// Never.
    package init() {}

    /// Notes that the book turned wrong, nanoseconds since the Unix epoch.
    package mutating func opened(at time: Int64) {
        closed(at: time)
        count += 1
        openedAt = time
    }

    /// Notes that the book is right again, or that the data ends.
    package mutating func closed(at time: Int64) {
        guard let start = openedAt else { return }
        self.time += max(0, time &- start)
        openedAt = nil
    }
}

extension RowBucket {
    fileprivate mutating func add(_ row: ReportedRow) {
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

/// Frames received over time.
package struct FrameTally: Sendable {
    /// The frames.
    package private(set) var series: TimeSeries<FrameBucket>

    /// No frames.
    package init(limit: Int) {
        // A second divided by a power of two, so that widths from a second on are whole.
        series = TimeSeries(width: UnixTime.second / 512, limit: limit)
    }

    /// Counts a frame, nanoseconds since the Unix epoch.
    package mutating func add(at time: Int64) { series.update(at: time) { $0.frames += 1 } }

    /// Counts a disconnect, a stall or a drop.
    package mutating func addBreak(at time: Int64) { series.update(at: time) { $0.breaks += 1 } }
}
