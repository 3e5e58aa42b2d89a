/// The values of one column over some rows, one slot a row, whether the row is null or not.
public enum ColumnValues: Sendable, Equatable {
    /// BOOLEAN.
    case boolean([Bool])
    /// INT32.
    case int32([Int32])
    /// INT64.
    case int64([Int64])
    /// FLOAT.
    case float([Float])
    /// DOUBLE.
    case double([Double])
    /// BYTE_ARRAY.
    case bytes(ByteArrays)
    /// FIXED_LEN_BYTE_ARRAY, and INT96 as twelve bytes.
    case fixed(FixedByteArrays)

    /// No values, of the type of a column.
    public init(for column: ParquetColumn) {
        switch column.physicalType {
        case .boolean: self = .boolean([])
        case .int32: self = .int32([])
        case .int64: self = .int64([])
        case .float: self = .float([])
        case .double: self = .double([])
        case .byteArray: self = .bytes(ByteArrays())
        case .int96: self = .fixed(FixedByteArrays(width: 12))
        case .fixedLengthByteArray: self = .fixed(FixedByteArrays(width: column.typeLength))
        }
    }

    /// How many rows there are.
    public var count: Int {
        switch self {
        case .boolean(let values): values.count
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .float(let values): values.count
        case .double(let values): values.count
        case .bytes(let values): values.count
        case .fixed(let values): values.count
        }
    }

    func suits(_ column: ParquetColumn) -> Bool {
        switch (self, column.physicalType) {
        case (.boolean, .boolean), (.int32, .int32), (.int64, .int64), (.float, .float), (.double, .double),
            (.bytes, .byteArray):
            true
        case (.fixed(let values), .int96): values.width == 12
        case (.fixed(let values), .fixedLengthByteArray): values.width == column.typeLength
        default: false
        }
    }

    /// Adds the rows of another list of the same type; returns false if the types differ.
    mutating func append(contentsOf other: ColumnValues) -> Bool {
        switch (consume self, other) {
        case (.boolean(var values), .boolean(let more)):
            values.append(contentsOf: more)
            self = .boolean(values)
        case (.int32(var values), .int32(let more)):
            values.append(contentsOf: more)
            self = .int32(values)
        case (.int64(var values), .int64(let more)):
            values.append(contentsOf: more)
            self = .int64(values)
        case (.float(var values), .float(let more)):
            values.append(contentsOf: more)
            self = .float(values)
        case (.double(var values), .double(let more)):
            values.append(contentsOf: more)
            self = .double(values)
        case (.bytes(var values), .bytes(let more)):
            values.append(contentsOf: more)
            self = .bytes(values)
        case (.fixed(var values), .fixed(let more)) where values.width == more.width:
            values.append(contentsOf: more)
            self = .fixed(values)
        case (let values, _):
            self = values
            return false
        }
        return true
    }

    /// The bytes that the values take in memory.
    var heldBytes: Int {
        switch self {
        case .boolean(let values): values.count
        case .int32(let values): values.count * 4
        case .int64(let values): values.count * 8
        case .float(let values): values.count * 4
        case .double(let values): values.count * 8
        case .bytes(let values): values.bytes.count + values.offsets.count * MemoryLayout<Int>.size
        case .fixed(let values): values.bytes.count
        }
    }

    /// The rows of a range.
    func slice(_ range: Range<Int>) -> ColumnValues {
        switch self {
        case .boolean(let values): .boolean(Array(values[range]))
        case .int32(let values): .int32(Array(values[range]))
        case .int64(let values): .int64(Array(values[range]))
        case .float(let values): .float(Array(values[range]))
        case .double(let values): .double(Array(values[range]))
        case .bytes(let values): .bytes(values.slice(range))
        case .fixed(let values): .fixed(values.slice(range))
        }
    }
}
