/// How the values of a column are stored.
public enum PhysicalType: Int32, Sendable, Hashable {
    /// One bit a value.
    case boolean = 0
    /// Four bytes, little-endian.
    case int32 = 1
    /// Eight bytes, little-endian.
    case int64 = 2
    /// Twelve bytes, an old form of timestamps; read, never written.
    case int96 = 3
    /// IEEE 754 single precision.
    case float = 4
    /// IEEE 754 double precision.
    case double = 5
    /// A length and that many bytes.
    case byteArray = 6
    /// As many bytes as the schema says.
    case fixedLengthByteArray = 7

    /// The name in the format's own documents, such as `BYTE_ARRAY`.
    public var name: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .int32: "INT32"
        case .int64: "INT64"
        case .int96: "INT96"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .byteArray: "BYTE_ARRAY"
        case .fixedLengthByteArray: "FIXED_LEN_BYTE_ARRAY"
        }
    }
}
