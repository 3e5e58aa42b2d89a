/// The rows of one column that wait for their row group.
struct PendingColumn: Sendable {
    private let column: ParquetColumn
    private(set) var vector: ColumnVector
    private var start = 0

    init(_ column: ParquetColumn) {
        self.column = column
        vector = ColumnVector(ColumnValues(for: column))
    }

    /// How many rows wait.
    var count: Int { vector.count - start }

    /// The first waiting rows, as a range of ``vector``.
    func range(_ rows: Int) -> Range<Int> { start..<start + rows }

    mutating func append(_ more: ColumnVector) {
        if count == 0 {
            // Large pieces are taken over, not copied.
            vector = more
            start = 0
            return
        }
        if start > 0, start >= count {
            vector = vector.slice(start..<vector.count)
            start = 0
        }
        // The writer has checked that the types are the same.
        _ = vector.append(contentsOf: more)
    }

    mutating func removeFirst(_ rows: Int) {
        start += rows
        if start == vector.count {
            vector = ColumnVector(ColumnValues(for: column))
            start = 0
        }
    }

    /// The bytes of the first rows in memory.
    func bytes(_ rows: Int) -> Int {
        if case .bytes(let values) = vector.values {
            return values.offsets[start + rows] - values.offsets[start] + 4 * rows
        }
        return rows * (column.width ?? 0)
    }
}
