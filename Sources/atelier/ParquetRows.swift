import ArgumentParser
import ByteCoding
import MarketModel
import Parquet
import Recording

/// The rows of a Parquet file, one a line.
enum ParquetRows {
    /// Prints all rows: JSON objects, or values between tabs under a line of names.
    ///
    /// Columns that cannot be read are left out and named, and the command fails in the end. Of columns that share a
    /// name each is printed, under names that differ (``ParquetReader/distinctNames``).
    static func run(
        _ path: String,
        columns: [String]?,
        json: Bool,
        options: ParquetReaderOptions = ParquetReaderOptions()
    ) throws {
        try ParquetInfo.reporting(path) {
            let reader = try ParquetReader(path: path, options: options)
            let wanted =
                try columns.map { try indexes(of: $0, in: reader) } ?? Array(reader.schema.columns.indices)
            let refusals = wanted.isEmpty ? [] : try writeReadable(wanted, of: reader, json: json)
            if wanted.isEmpty { try writeEmptyRows(reader.metadata.rowCount, json: json) }
            for refusal in refusals {
                Console.note("\(path): \(PrintableText.escaped(ParquetInfo.text(refusal)))")
            }
            if let worst = refusals.map(ParquetInfo.exitCode).min(by: { $0.rawValue < $1.rawValue }) {
                throw worst
            }
        }
    }

    /// Prints the columns that can be read; returns why the others cannot.
    private static func writeReadable(
        _ wanted: [Int],
        of reader: ParquetReader,
        json: Bool
    ) throws -> [ParquetError] {
        var refusals = wanted.compactMap { reader.refusal(of: $0) }
        var readable = wanted.filter { reader.refusal(of: $0) == nil }
        var batch = RowBatch()
        while !readable.isEmpty {
            let batches = try reader.batches(at: readable, batchRows: 4096)
            let hasRows: Bool
            do throws(ParquetError) {
                hasRows = try batches.next(into: &batch)
            } catch {
                // What a page tells only when it is read: the columns that fail by themselves are left out.
                let faults = readable.map { firstFault(of: $0, in: reader) }
                if faults.allSatisfy({ $0 == nil }) { throw error }
                refusals += faults.compactMap { $0 }
                readable = zip(readable, faults).filter { $0.1 == nil }.map(\.0)
                continue
            }
            let names = readable.map { reader.distinctNames[$0] }
            try write(hasRows, batches, &batch, names, json: json)
            break
        }
        return refusals
    }

    /// Why not even the first row of a column can be read, or nil.
    private static func firstFault(of column: Int, in reader: ParquetReader) -> ParquetError? {
        do throws(ParquetError) {
            _ = try reader.batches(at: [column], batchRows: 1).next()
            return nil
        } catch {
            return error
        }
    }

    /// The places of the columns of each name, in the order of the names, each once: all columns of that name, else
    /// the one that is printed under it.
    private static func indexes(of names: [String], in reader: ParquetReader) throws -> [Int] {
        var indexes: [Int] = []
        for name in names {
            var found = reader.indexes(named: name)
            if found.isEmpty {
                found = reader.distinctNames.indices.filter { reader.distinctNames[$0] == name }
            }
            // Fails with the names that there are.
            if found.isEmpty { found = [try reader.columnIndex(of: name)] }
            for index in found where !indexes.contains(index) { indexes.append(index) }
        }
        return indexes
    }

    /// Rows of a file without columns.
    private static func writeEmptyRows(_ rows: Int64, json: Bool) throws {
        let output = ByteOutput(descriptor: 1, name: "standard output")
        var row: Int64 = json ? 0 : -1
        while row < rows {
            try output.write(json ? "{}\n" : "\n")
            row += 1
        }
        try output.flush()
    }

    /// Prints a batch that was read, if there is one, and all that follow.
    private static func write(
        _ hasRows: Bool,
        _ batches: BatchReader,
        _ batch: inout RowBatch,
        _ plainNames: [String],
        json: Bool
    ) throws {
        let output = ByteOutput(descriptor: 1, name: "standard output")
        let names = plainNames.map { json ? JSONOutput.string($0).text : PrintableText.escaped($0) }
        if !json { try output.write(names.joined(separator: "\t") + "\n") }
        var line = GrowableBytes()
        var hasRows = hasRows
        while hasRows {
            for row in 0..<batch.rowCount {
                line.removeAll()
                if json {
                    appendObject(batches.columns, names, batch, row, to: &line)
                } else {
                    appendLine(batches.columns, batch, row, to: &line)
                }
                try output.write(line.bytes)
            }
            hasRows = try batches.next(into: &batch)
        }
        try output.flush()
    }

    private static func appendObject(
        _ columns: [ParquetColumn],
        _ names: [String],
        _ batch: RowBatch,
        _ row: Int,
        to line: inout GrowableBytes
    ) {
        for index in columns.indices {
            line.append(utf8: index == 0 ? "{" : ",")
            line.append(utf8: names[index])
            line.append(utf8: ":")
            ParquetCell(columns[index], batch.columns[index], row).appendJSON(to: &line)
        }
        line.append(utf8: "}\n")
    }

    private static func appendLine(
        _ columns: [ParquetColumn],
        _ batch: RowBatch,
        _ row: Int,
        to line: inout GrowableBytes
    ) {
        for index in columns.indices {
            if index > 0 { line.append(utf8: "\t") }
            line.append(
                utf8: PrintableText.escaped(ParquetCell(columns[index], batch.columns[index], row).text)
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
    /// Bytes that are no text, whatever they look like.
    case raw([UInt8])

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
            self.init(decimal: withUnsafeBytes(of: value.bigEndian) { Array($0) }, scale)
        case .integer(_, isSigned: false)?: self = .plain(String(unsigned))
        default: self = .plain(String(value))
        }
    }

    /// A decimal too long to convert is shown as its bytes.
    private init(decimal bytes: [UInt8], _ scale: Int32) {
        self = DecimalText.text(bigEndian: bytes, scale: scale).map(ParquetCell.quoted) ?? .raw(bytes)
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
        case (_, .decimal(_, let scale)?): self.init(decimal: bytes, scale)
        case (_, .float16?): self.init(FixedBytesNumber.halfPrecision(bytes))
        default: self = .bytes(bytes)
        }
    }

    func appendJSON(to line: inout GrowableBytes) {
        switch self {
        case .null: line.append(utf8: "null")
        case .plain(let text): line.append(utf8: text)
        case .quoted(let text): line.append(utf8: "\"\(text)\"")
        case .bytes(let bytes):
            let mark = line.count
            if FrameJSON.appendText(bytes.span.bytes, to: &line) { return }
            line.truncate(to: mark)
            Self.appendBase64(bytes, to: &line)
        case .raw(let bytes): Self.appendBase64(bytes, to: &line)
        }
    }

    private static func appendBase64(_ bytes: [UInt8], to line: inout GrowableBytes) {
        line.append(utf8: "{\"base64\":")
        FrameJSON.appendBase64(bytes.span.bytes, to: &line)
        line.append(utf8: "}")
    }

    /// The value for people; bytes that are no text are shown as base 16.
    var text: String {
        switch self {
        case .null: return "null"
        case .plain(let text), .quoted(let text): return text
        case .bytes(let bytes):
            return String(validating: bytes, as: UTF8.self) ?? Self.base16(bytes)
        case .raw(let bytes): return Self.base16(bytes)
        }
    }

    private static func base16(_ bytes: [UInt8]) -> String {
        "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
