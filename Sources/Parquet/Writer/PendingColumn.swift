/// The rows of one column waiting for their row group: in runs as long as all were added as runs, otherwise
/// a value each.
struct PendingColumn: Sendable {
    private let column: ParquetColumn
    private(set) var rows: ColumnRows
    private var start = 0

    init(_ column: ParquetColumn) {
        self.column = column
        rows = .each(ColumnVector(ColumnValues(for: column)))
    }

    /// How many rows wait.
    var count: Int { rows.count - start }

    /// The first waiting rows, as a range of ``rows``.
    func range(_ count: Int) -> Range<Int> { start..<start + count }

    /// Adds rows of the column's type.
    mutating func append(_ more: ColumnRows) {
        if count == 0 {
            rows = more
            start = 0
            return
        }
        if start > 0, start >= count {
            dropFirst()
        }
        if case .runs(let runs) = rows, case .each = more {
            rows = .each(runs.expanded(start..<runs.count))
            start = 0
        }
        rows.append(more)
    }

    /// Removes the first rows after they are written.
    mutating func removeFirst(_ count: Int) {
        start += count
        // The memory goes with the rows: other files may need it before this one does.
        if start == rows.count { self = PendingColumn(column) }
    }

    private mutating func dropFirst() {
        switch rows {
        case .each(let vector): rows = .each(vector.slice(start..<vector.count))
        case .runs(let runs):
            let first = runs.run(of: start)
            let ends = runs.ends[first...].map { $0 - start }
            rows = .runs(ColumnRuns(runs.values.slice(first..<runs.values.count), ends: ends))
        }
        start = 0
    }

    /// The bytes of the first rows, a value each.
    func bytes(_ count: Int) -> Int {
        if let width = column.width { return count * width }
        switch rows {
        case .each(let vector):
            guard case .bytes(let values) = vector.values else { return 0 }
            return values.offsets[start + count] - values.offsets[start] + 4 * count
        case .runs(let runs):
            guard case .bytes(let values) = runs.values.values else { return 0 }
            return runs.runs(over: range(count)).reduce(4 * count) { sum, run in
                sum + run.count * values[run.value].count
            }
        }
    }

    /// The memory of all rows in their current form, bytes.
    var heldBytes: Int {
        switch rows {
        case .each(let vector): vector.heldBytes
        case .runs(let runs): runs.values.heldBytes + runs.ends.count * MemoryLayout<Int>.size
        }
    }
}
