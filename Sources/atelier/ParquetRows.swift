import ArgumentParser
import ByteCoding
import Parquet
import Recording

/// The rows of a Parquet file, one a line.
enum ParquetRows {
    /// Prints all rows: JSON objects, or values between tabs under a line of names.
    ///
    /// Without `columns` those that cannot be read are left out and named, and the command fails in the end.
    static func run(_ path: String, columns: [String]?, json: Bool) throws {
        try ParquetInfo.reporting(path) {
            let reader = try ParquetReader(path: path)
            let refusals = columns == nil ? reader.schema.columns.indices.compactMap(reader.refusal) : []
            for refusal in refusals { Console.note("\(path): \(TerminalText.escaped(refusal.description))") }
            let readable = reader.schema.columns.indices.filter { reader.refusal(of: $0) == nil }
            if !readable.isEmpty || columns != nil {
                let names = columns ?? readable.map { reader.schema.columns[$0].name }
                try write(try reader.batches(columns: names, batchRows: 4096), json: json)
            }
            if !refusals.isEmpty { throw ExitCode.failure }
        }
    }

    private static func write(_ batches: BatchReader, json: Bool) throws {
        let output = ByteOutput(descriptor: 1, name: "standard output")
        let names = batches.columns.map {
            json ? JSONOutput.string($0.name).text : TerminalText.escaped($0.name)
        }
        if !json { try output.write(names.joined(separator: "\t") + "\n") }
        var batch = RowBatch()
        var line = ByteBuffer()
        while try batches.next(into: &batch) {
            for row in 0..<batch.rowCount {
                line.removeAll()
                if json {
                    appendObject(batches.columns, names, batch, row, to: &line)
                } else {
                    appendLine(batches.columns, batch, row, to: &line)
                }
                try output.write(line.bytes)
            }
        }
        try output.flush()
    }

    private static func appendObject(
        _ columns: [ParquetColumn],
        _ names: [String],
        _ batch: RowBatch,
        _ row: Int,
        to line: inout ByteBuffer
    ) {
        for place in columns.indices {
            line.append(utf8: place == 0 ? "{" : ",")
            line.append(utf8: names[place])
            line.append(utf8: ":")
            ParquetCell(columns[place], batch.columns[place], row).appendJSON(to: &line)
        }
        line.append(utf8: columns.isEmpty ? "{}\n" : "}\n")
    }

    private static func appendLine(
        _ columns: [ParquetColumn],
        _ batch: RowBatch,
        _ row: Int,
        to line: inout ByteBuffer
    ) {
        for place in columns.indices {
            if place > 0 { line.append(utf8: "\t") }
            line.append(
                utf8: TerminalText.escaped(ParquetCell(columns[place], batch.columns[place], row).text)
            )
        }
        line.append(utf8: "\n")
    }
}

/// One value of a Parquet file, as JSON and for people.
///
/// Integers are numbers (Python reads any), decimals are texts, so are NaN and infinities; INT96 timestamps are
/// nanoseconds since 1970; bytes are text if they are UTF-8, else base64.
enum ParquetCell {
    case null
    /// What needs no quotes.
    case plain(String)
    case quoted(String)
    case bytes([UInt8])

    init(_ column: ParquetColumn, _ vector: ColumnVector, _ row: Int) {
        guard vector.isValid(row) else {
            self = .null
            return
        }
        switch vector.values {
        case .boolean(let values): self = .plain(values[row] ? "true" : "false")
        case .int32(let values):
            self.init(column, Int64(values[row]), unsigned: UInt64(UInt32(bitPattern: values[row])))
        case .int64(let values): self.init(column, values[row], unsigned: UInt64(bitPattern: values[row]))
        case .float(let values): self.init(Double(values[row]))
        case .double(let values): self.init(values[row])
        case .bytes(let values): self.init(column, Array(values[row]))
        case .fixed(let values): self.init(column, Array(values[row]))
        }
    }

    private init(_ column: ParquetColumn, _ value: Int64, unsigned: UInt64) {
        switch column.logicalType {
        case .decimal(_, let scale)?:
            self = .quoted(
                DecimalText.text(bigEndian: withUnsafeBytes(of: value.bigEndian) { Array($0) }, scale: scale)
            )
        case .integer(_, isSigned: false)?: self = .plain(String(unsigned))
        default: self = .plain(String(value))
        }
    }

    private init(_ value: Double) {
        if value.isNaN {
            self = .quoted("NaN")
        } else if value.isInfinite {
            self = .quoted(value < 0 ? "-Infinity" : "Infinity")
        } else {
            self = .plain("\(value)")
        }
    }

    private init(_ column: ParquetColumn, _ bytes: [UInt8]) {
        switch (column.physicalType, column.logicalType) {
        case (.int96, _): self = .plain(String(FixedBytesNumber.nanoseconds(int96: bytes)))
        case (_, .decimal(_, let scale)?): self = .quoted(DecimalText.text(bigEndian: bytes, scale: scale))
        case (_, .float16?): self.init(FixedBytesNumber.halfPrecision(bytes))
        default: self = .bytes(bytes)
        }
    }

    func appendJSON(to line: inout ByteBuffer) {
        switch self {
        case .null: line.append(utf8: "null")
        case .plain(let text): line.append(utf8: text)
        case .quoted(let text): line.append(utf8: "\"\(text)\"")
        case .bytes(let bytes):
            let mark = line.count
            if FrameJSON.appendText(bytes.span.bytes, to: &line) { return }
            line.truncate(to: mark)
            line.append(utf8: "{\"base64\":")
            FrameJSON.appendBase64(bytes.span.bytes, to: &line)
            line.append(utf8: "}")
        }
    }

    /// The value for people; bytes that are no text are shown as base 16.
    var text: String {
        switch self {
        case .null: return "null"
        case .plain(let text), .quoted(let text): return text
        case .bytes(let bytes):
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            return "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
