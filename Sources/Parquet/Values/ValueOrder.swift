/// How the values of a column compare, for bounds and for skipping.
///
/// Source: the comments on `ColumnOrder` in the format's Thrift definition.
enum ValueOrder: Sendable {
    case boolean
    case signed32
    case unsigned32
    case signed64
    case unsigned64
    case float
    case double
    case float16
    /// Byte by byte, as unsigned numbers.
    case bytes
    /// Two's complement, most significant byte first.
    case signedBigEndian
    /// Bounds mean nothing.
    case undefined

    init(_ column: ParquetColumn) {
        switch (column.physicalType, column.logicalType) {
        case (_, .interval), (_, .other), (_, .null), (.int96, _): self = .undefined
        case (.boolean, _): self = .boolean
        case (.int32, .integer(_, isSigned: false)): self = .unsigned32
        case (.int32, _): self = .signed32
        case (.int64, .integer(_, isSigned: false)): self = .unsigned64
        case (.int64, _): self = .signed64
        case (.float, _): self = .float
        case (.double, _): self = .double
        case (.byteArray, .decimal), (.fixedLengthByteArray, .decimal): self = .signedBigEndian
        case (.fixedLengthByteArray, .float16): self = .float16
        case (.byteArray, _), (.fixedLengthByteArray, _): self = .bytes
        }
    }

    /// Whether NaN can occur.
    var isFloating: Bool {
        switch self {
        case .float, .double, .float16: true
        default: false
        }
    }

    /// Whether values are whole numbers.
    var isInteger: Bool {
        switch self {
        case .boolean, .signed32, .unsigned32, .signed64, .unsigned64: true
        default: false
        }
    }

    /// Whether `left` comes before `right`; false where either does not have the right length or is NaN.
    func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        switch self {
        case .bytes: return left.lexicographicallyPrecedes(right)
        case .signedBigEndian: return OrderedValue.signedLess(left, right)
        default:
            guard let a = number(left), let b = number(right) else { return false }
            return a.isLess(than: b)
        }
    }

    /// The value of a statistics bound of `column`; nil if its length is wrong.
    func value(_ bytes: [UInt8], _ column: ParquetColumn) -> OrderedValue? {
        switch self {
        // Only bounds of texts can be cut.
        case .bytes: return .bytes(bytes)
        case .signedBigEndian:
            let isWhole =
                column.physicalType == .byteArray ? !bytes.isEmpty : bytes.count == column.typeLength
            return isWhole ? .signedBytes(bytes) : nil
        default: return number(bytes)
        }
    }

    private func number(_ bytes: [UInt8]) -> OrderedValue? {
        switch self {
        case .boolean: UInt8(littleEndianBytes: bytes).map { .integer($0 == 0 ? 0 : 1) }
        case .signed32: Int32(littleEndianBytes: bytes).map { .integer(Int128($0)) }
        case .unsigned32: UInt32(littleEndianBytes: bytes).map { .integer(Int128($0)) }
        case .signed64: Int64(littleEndianBytes: bytes).map { .integer(Int128($0)) }
        case .unsigned64: UInt64(littleEndianBytes: bytes).map { .integer(Int128($0)) }
        case .float: UInt32(littleEndianBytes: bytes).map { .number(Double(Float(bitPattern: $0))) }
        case .double: UInt64(littleEndianBytes: bytes).map { .number(Double(bitPattern: $0)) }
        case .float16: UInt16(littleEndianBytes: bytes).map { .number(HalfPrecision.double($0)) }
        case .bytes, .signedBigEndian, .undefined: nil
        }
    }
}

extension FixedWidthInteger {
    init?(littleEndianBytes bytes: [UInt8]) {
        guard bytes.count == MemoryLayout<Self>.size else { return nil }
        self = bytes.reversed().reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }

    var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }

    var bigEndianBytes: [UInt8] {
        withUnsafeBytes(of: bigEndian) { Array($0) }
    }
}
