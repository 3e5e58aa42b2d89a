import ArgumentParser
import ByteCoding
import MarketModel
import Parquet
import Recording

/// A value of a Parquet file, as JSON and for people.
///
/// Integers are numbers (Python reads any size), decimals, NaN and infinities strings; INT96 timestamps are
/// nanoseconds since 1970; bytes are text if valid UTF-8, otherwise base 64.
enum ParquetCell {
    case null
    /// A value without quotes.
    case plain(String)
    case quoted(String)
    case bytes([UInt8])
    /// Bytes that are not text.
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

    /// A decimal too long to convert, as its bytes.
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

    /// The value for people; bytes that are not text as hexadecimal.
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
