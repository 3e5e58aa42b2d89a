/// The rows of one column waiting for their row group: in runs as long as all were added as runs, otherwise
/// a value each.
struct PendingColumn: Sendable {
    private let column: ParquetColumn
    private(set) var rows: ColumnRows
    private var start = 0

    /// Pieces of this many rows are adopted if nothing waits; smaller ones are copied into reused memory.
    private static let wholePiece = 1 << 16

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
            if more.count >= Self.wholePiece || !isSameKind(as: more) {
                rows = more
                start = 0
                return
            }
            removeAll()
        } else if start > 0, start >= count {
            dropFirst()
        }
        if case .runs(let runs) = rows, case .each = more {
            rows = .each(runs.expanded(start..<runs.count))
            start = 0
        }
        rows.append(more)
    }

    private func isSameKind(as other: ColumnRows) -> Bool {
        switch (rows, other) {
        case (.each, .each), (.runs, .runs): true
        default: false
        }
    }

    /// Removes the first rows after they are written.
    mutating func removeFirst(_ count: Int) {
        start += count
        if start == rows.count { removeAll() }
    }

    private mutating func removeAll() {
        start = 0
        rows.removeAll()
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
