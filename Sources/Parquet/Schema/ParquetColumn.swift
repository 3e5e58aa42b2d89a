/// One flat column of a schema.
public struct ParquetColumn: Sendable, Hashable {
    /// The name; unique in its schema.
    public var name: String
    /// How values are stored.
    public var physicalType: PhysicalType
    /// Bytes a value, for FIXED_LEN_BYTE_ARRAY only.
    public var typeLength: Int
    /// What values mean, if more than the physical type says.
    public var logicalType: LogicalType?
    /// Whether values can be null.
    public var isOptional: Bool

    /// Makes a column; `typeLength` is for FIXED_LEN_BYTE_ARRAY only.
    public init(
        _ name: String,
        _ physicalType: PhysicalType,
        typeLength: Int = 0,
        logicalType: LogicalType? = nil,
        isOptional: Bool = false
    ) {
        self.name = name
        self.physicalType = physicalType
        self.typeLength = typeLength
        self.logicalType = logicalType
        self.isOptional = isOptional
    }

    /// A column of UTF-8 text.
    public static func string(_ name: String, isOptional: Bool = false) -> ParquetColumn {
        ParquetColumn(name, .byteArray, logicalType: .string, isOptional: isOptional)
    }

    /// A column of nanoseconds since the Unix epoch, UTC, with the timestamp type.
    public static func timestamp(_ name: String, isOptional: Bool = false) -> ParquetColumn {
        let type = LogicalType.timestamp(unit: .nanoseconds, isUTC: true)
        return ParquetColumn(name, .int64, logicalType: type, isOptional: isOptional)
    }
}

extension ParquetColumn {
    /// Bytes of one value in memory; nil where each value has its own length.
    var width: Int? {
        switch physicalType {
        case .boolean: 1
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .byteArray: nil
        case .fixedLengthByteArray: typeLength
        }
    }

    /// What is wrong with the column for writing; nil if nothing.
    var fault: String? {
        if name.isEmpty { return "a column without a name" }
        switch physicalType {
        case .int96: return "column \(name): INT96 is read but not written (try: INT64 with a timestamp type)"
        case .fixedLengthByteArray where typeLength < 1 || typeLength > 1 << 20:
            return "column \(name): the length of a fixed value is \(typeLength), expected 1 to 1048576"
        default: break
        }
        guard let logicalType else { return nil }
        let fits =
            switch (logicalType, physicalType) {
            case (.string, .byteArray), (.enumeration, .byteArray), (.json, .byteArray), (.bson, .byteArray):
                true
            case (.uuid, .fixedLengthByteArray): typeLength == 16
            case (.float16, .fixedLengthByteArray): typeLength == 2
            case (.interval, .fixedLengthByteArray): typeLength == 12
            case (.date, .int32), (.time(.milliseconds, _), .int32), (.timestamp, .int64): true
            case (.time(.microseconds, _), .int64), (.time(.nanoseconds, _), .int64): true
            case (.integer(let bits, _), .int32): bits == 8 || bits == 16 || bits == 32
            case (.integer(let bits, _), .int64): bits == 64
            case (.decimal(let precision, let scale), _):
                scale >= 0 && scale <= precision && precision >= 1 && precision <= largestPrecision
            default: false
            }
        return fits ? nil : "column \(name): \(logicalType.name) cannot be stored as \(physicalType.name)"
    }

    /// The number of decimal digits that always fit the physical type.
    private var largestPrecision: Int32 {
        switch physicalType {
        case .int32: 9
        case .int64: 18
        case .byteArray: .max
        // ⌊log10(2^(8·length − 1) − 1)⌋
        case .fixedLengthByteArray: Int32(Double(8 * typeLength - 1) * 0.301_029_995_663_981_2)
        default: 0
        }
    }
}
