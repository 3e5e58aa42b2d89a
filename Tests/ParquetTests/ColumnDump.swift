import Parquet

/// Columns as text, one value per line, as `dump.py` writes them, to compare two readers of a file.
enum ColumnDump {
    static func text(_ columns: [ParquetColumn], _ vectors: [ColumnVector]) -> String {
        var text = ""
        for (column, vector) in zip(columns, vectors) {
            text += "column \(column.name)\n"
            for row in 0..<vector.count {
                text += vector.isValid(row) ? value(column, vector.values, row) : "null"
                text += "\n"
            }
        }
        return text
    }

    private static func value(_ column: ParquetColumn, _ values: ColumnValues, _ row: Int) -> String {
        switch values {
        case .boolean(let values): values[row] ? "true" : "false"
        case .int32(let values): integer(column, Int64(values[row]), UInt64(UInt32(bitPattern: values[row])))
        case .int64(let values): integer(column, values[row], UInt64(bitPattern: values[row]))
        case .float(let values): values[row].isNaN ? "nan" : "f" + String(values[row].bitPattern, radix: 16)
        case .double(let values): values[row].isNaN ? "nan" : "d" + String(values[row].bitPattern, radix: 16)
        case .bytes(let values): bytes(column, Array(values[row]))
        case .fixed(let values): bytes(column, Array(values[row]))
        }
    }

    private static func integer(_ column: ParquetColumn, _ signed: Int64, _ unsigned: UInt64) -> String {
        if case .integer(_, isSigned: false)? = column.logicalType { return String(unsigned) }
        return String(signed)
    }

    private static func bytes(_ column: ParquetColumn, _ bytes: [UInt8]) -> String {
        if column.physicalType == .int96 { return String(int96(bytes)) }
        if case .decimal? = column.logicalType {
            var value: Int128 = bytes.first.map { $0 >= 0x80 } ?? false ? -1 : 0
            for byte in bytes { value = value << 8 | Int128(byte) }
            return String(value)
        }
        if column.logicalType == .float16 {
            let bits = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
            return bits & 0x7FFF > 0x7C00 ? "nan" : "h" + String(bits, radix: 16)
        }
        let digits = Array("0123456789abcdef")
        return "x" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Nanoseconds since 1970 of a time of day and a Julian day.
    static func int96(_ bytes: [UInt8]) -> Int64 {
        let nanoseconds = bytes[..<8].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let day = bytes[8...].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return (day - 2_440_588) &* 86_400_000_000_000 &+ nanoseconds
    }
}
