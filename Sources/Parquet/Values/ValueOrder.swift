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
        case (_, .interval), (_, .other), (.int96, _): self = .undefined
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

    /// Whether `left` comes before `right`; false where either does not have the right length or is NaN.
    func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        switch self {
        case .boolean: left.lexicographicallyPrecedes(right)
        case .signed32: less(left, right, Int32.self)
        case .unsigned32: less(left, right, UInt32.self)
        case .signed64: less(left, right, Int64.self)
        case .unsigned64: less(left, right, UInt64.self)
        case .float: lessBits(left, right, UInt32.self) { Double(Float(bitPattern: $0)) }
        case .double: lessBits(left, right, UInt64.self) { Double(bitPattern: $0) }
        case .float16: lessBits(left, right, UInt16.self) { HalfPrecision.double($0) }
        case .bytes: left.lexicographicallyPrecedes(right)
        case .signedBigEndian: Self.signedLess(left, right)
        case .undefined: false
        }
    }

    private func less<Value: FixedWidthInteger>(_ left: [UInt8], _ right: [UInt8], _: Value.Type) -> Bool {
        guard let a = Value(littleEndianBytes: left), let b = Value(littleEndianBytes: right) else {
            return false
        }
        return a < b
    }

    private func lessBits<Bits: FixedWidthInteger>(
        _ left: [UInt8],
        _ right: [UInt8],
        _: Bits.Type,
        _ value: (Bits) -> Double
    ) -> Bool {
        guard let a = Bits(littleEndianBytes: left), let b = Bits(littleEndianBytes: right) else {
            return false
        }
        return value(a) < value(b)
    }

    private static func signedLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let (a, b) = (left.first.map { $0 >= 0x80 } ?? false, right.first.map { $0 >= 0x80 } ?? false)
        if a != b { return a }
        // The same sign: extend the shorter with it, then compare as unsigned.
        let filler: UInt8 = a ? 0xFF : 0
        let length = max(left.count, right.count)
        let leftFull = [UInt8](repeating: filler, count: length - left.count) + left
        let rightFull = [UInt8](repeating: filler, count: length - right.count) + right
        return leftFull.lexicographicallyPrecedes(rightFull)
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
}
