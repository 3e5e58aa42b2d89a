/// What the stored values of a column mean.
public enum LogicalType: Sendable, Hashable {
    /// UTF-8 text in a BYTE_ARRAY.
    case string
    /// A label of an enumeration, UTF-8 in a BYTE_ARRAY.
    case enumeration
    /// JSON text in a BYTE_ARRAY.
    case json
    /// BSON in a BYTE_ARRAY.
    case bson
    /// Sixteen raw bytes.
    case uuid
    /// Days since 1970-01-01 in an INT32.
    case date
    /// Time of day; INT32 for milliseconds, INT64 otherwise.
    case time(unit: TimeUnit, isUTC: Bool)
    /// Time since 1970-01-01 00:00 in an INT64.
    case timestamp(unit: TimeUnit, isUTC: Bool)
    /// An unscaled integer times 10^-scale, in INT32, INT64, FIXED_LEN_BYTE_ARRAY or BYTE_ARRAY.
    case decimal(precision: Int32, scale: Int32)
    /// An integer of 8, 16, 32 or 64 bits.
    case integer(bits: Int8, isSigned: Bool)
    /// IEEE 754 half precision in two bytes.
    case float16
    /// Months, days and milliseconds in twelve bytes (an old type).
    case interval
    /// A column that holds nulls only.
    case null
    /// A type unknown to this module, by its name.
    case other(String)

    /// A stable name for people and for JSON, such as `TIMESTAMP(NANOS,UTC)`.
    public var name: String {
        switch self {
        case .string: "STRING"
        case .enumeration: "ENUM"
        case .json: "JSON"
        case .bson: "BSON"
        case .uuid: "UUID"
        case .date: "DATE"
        case .time(let unit, let isUTC): "TIME(\(unit.name),\(isUTC ? "UTC" : "LOCAL"))"
        case .timestamp(let unit, let isUTC): "TIMESTAMP(\(unit.name),\(isUTC ? "UTC" : "LOCAL"))"
        case .decimal(let precision, let scale): "DECIMAL(\(precision),\(scale))"
        case .integer(let bits, let isSigned): "INTEGER(\(bits),\(isSigned ? "SIGNED" : "UNSIGNED"))"
        case .float16: "FLOAT16"
        case .interval: "INTERVAL"
        case .null: "UNKNOWN"
        case .other(let name): name
        }
    }
}
