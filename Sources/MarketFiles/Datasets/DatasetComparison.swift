import ByteCoding
import Parquet

/// Compares files of two builds of a dataset and names the first row that differs.
public enum DatasetComparison {
    /// The first difference between the files at two paths, nil if they are the same.
    public static func difference(_ stored: String, _ rebuilt: String) -> String? {
        do throws(ByteCodingError) {
            let (left, right) = (try FileReader(path: stored), try FileReader(path: rebuilt))
            guard let offset = try firstDifference(left, right) else { return nil }
            if stored.hasSuffix(".parquet") { return rows(stored, rebuilt) ?? place(offset) }
            if let found = TensorLayout(path: rebuilt)?.row(at: offset) {
                return "\(found.array), row \(found.row) differs (\(place(offset)))"
            }
            return place(offset)
        } catch {
            return "\(error)"
        }
    }

    private static func place(_ offset: UInt64) -> String { "byte \(offset) differs" }

    private static func firstDifference(
        _ left: FileReader,
        _ right: FileReader
    ) throws(ByteCodingError) -> UInt64? {
        var first = ByteBuffer(capacity: 1 << 20)
        var second = ByteBuffer(capacity: 1 << 20)
        var offset: UInt64 = 0
        let shared = min(left.size, right.size)
        while offset < shared {
            let count = Int(min(1 << 20, shared - offset))
            first.removeAll()
            second.removeAll()
            try left.read(at: offset, count: count, appendingTo: &first)
            try right.read(at: offset, count: count, appendingTo: &second)
            for place in 0..<count
            where first.bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
                != second.bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            {
                return offset + UInt64(place)
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
            let (a, b) = (try left.readAll(), try right.readAll())
            var first: (row: Int, column: String)?
            for (place, column) in left.schema.columns.enumerated() {
                let count = min(a[place].count, b[place].count)
                guard
                    let row = (0..<count).first(where: {
                        a[place].slice($0..<($0 + 1)) != b[place].slice($0..<($0 + 1))
                    })
                else { continue }
                if row < first?.row ?? .max { first = (row, column.name) }
            }
            return first.map { "row \($0.row) differs in \($0.column)" }
        } catch {
            return "it cannot be read: \(error)"
        }
    }
}
