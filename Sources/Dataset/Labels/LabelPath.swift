/// The rows of one instrument that labels still need, numbered from 0.
///
/// Rows are appended in order and dropped from the front; memory is bounded by the longest horizon and
/// delay.
struct LabelPath: Sendable {
    private(set) var first = 0
    private var rows: [PathRow] = []
    private var start = 0
    /// No further row follows.
    private(set) var isEnded = false

    /// The number of the row after the last.
    var end: Int { first + rows.count - start }

    /// A row that is held.
    subscript(_ row: Int) -> PathRow { rows[start + row - first] }

    mutating func append(_ row: PathRow) { rows.append(row) }

    mutating func finish() { isEnded = true }

    /// Forgets the rows before `row`.
    mutating func forget(before row: Int) {
        guard row > first else { return }
        start += min(row, end) - first
        first = row
        // Moving the rest once half is dropped makes the cost of a row constant.
        if start > 1024, start * 2 > rows.count {
            rows.removeFirst(start)
            start = 0
        }
    }
}
