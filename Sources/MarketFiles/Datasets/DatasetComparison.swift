import ByteCoding
import Parquet

/// Compares files of two builds of a dataset and names the first row that differs.
public enum DatasetComparison {
    /// The first difference between the files at two paths, nil if they are the same.
    public static func difference(_ stored: String, _ rebuilt: String) -> String? {
        do throws(ByteCodingError) {
            let (left, right) = (try FileReader(path: stored), try FileReader(path: rebuilt))
            guard let offset = try firstDifference(left, right) else { return nil }
            if stored.hasSuffix(".parquet") { return rows(stored, rebuilt) ?? text(of: offset) }
            if let found = TensorLayout(path: rebuilt)?.row(at: offset) {
                return "\(found.array), row \(found.row) differs (\(text(of: offset)))"
            }
            return text(of: offset)
        } catch {
            return "\(error)"
        }
    }

    private static func text(of offset: UInt64) -> String { "byte \(offset) differs" }

    private static func firstDifference(
        _ left: FileReader,
        _ right: FileReader
    ) throws(ByteCodingError) -> UInt64? {
        var first = GrowableBytes(capacity: 1 << 20)
        var second = GrowableBytes(capacity: 1 << 20)
        var offset: UInt64 = 0
        let shared = min(left.size, right.size)
        while offset < shared {
            let count = Int(min(1 << 20, shared - offset))
            first.removeAll()
            second.removeAll()
            try left.read(at: offset, count: count, appendingTo: &first)
            try right.read(at: offset, count: count, appendingTo: &second)
            for index in 0..<count
            where first.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                != second.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            {
                return offset + UInt64(index)
            }
            offset += UInt64(count)
        }
        return left.size == right.size ? nil : shared
    }

    /// The first row of two Parquet files in which a column differs; nil if they cannot be read or are the same.
    private static func rows(_ stored: String, _ rebuilt: String) -> String? {
        do {
            let (left, right) = (try ParquetReader(path: stored), try ParquetReader(path: rebuilt))
            guard left.schema == right.schema else { return "its columns differ" }
            let (first, second) = (try left.batches(), try right.batches())
            var row = 0
            while true {
                let (a, b) = (try first.next() ?? RowBatch(), try second.next() ?? RowBatch())
                let shared = min(a.rowCount, b.rowCount)
                if let found = difference(a, b, shared) {
                    return "row \(row + found.row) differs in \(left.schema.columns[found.column].name)"
                }
                row += shared
                if a.rowCount != b.rowCount { return "row \(row) is in one of them only" }
                if shared == 0 { return nil }
            }
        } catch {
            return "it cannot be read: \(error)"
        }
    }

    /// The first of the shared rows in which a column differs, and the first such column.
    private static func difference(_ a: RowBatch, _ b: RowBatch, _ shared: Int) -> (row: Int, column: Int)? {
        var first: (row: Int, column: Int)?
        for (column, (left, right)) in zip(a.columns, b.columns).enumerated() where left != right {
            let rows = 0..<(first?.row ?? shared)
            guard let row = rows.first(where: { !isSame(left, right, $0) }) else { continue }
            first = (row, column)
        }
        return first
    }

    /// Whether a row has the same bits, or no value, in both.
    private static func isSame(_ left: ColumnVector, _ right: ColumnVector, _ row: Int) -> Bool {
        guard left.isValid(row), right.isValid(row) else { return left.isValid(row) == right.isValid(row) }
        switch (left.values, right.values) {
        case (.float(let a), .float(let b)): return a[row].bitPattern == b[row].bitPattern
        case (.double(let a), .double(let b)): return a[row].bitPattern == b[row].bitPattern
        default: return left.slice(row..<row + 1).values == right.slice(row..<row + 1).values
        }
    }
}
