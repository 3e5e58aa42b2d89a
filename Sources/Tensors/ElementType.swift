/// The type of a tensor's elements; all are little-endian.
public enum ElementType: Sendable, CaseIterable {
    /// IEEE 754 single precision.
    case float32
    /// IEEE 754 double precision.
    case float64
    /// Signed 64-bit integers.
    case int64
    /// Signed 32-bit integers.
    case int32
    /// Unsigned 8-bit integers.
    case uint8

    /// Bytes an element.
    public var size: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .uint8: 1
        }
    }

    /// How NumPy's `.npy` header writes it.
    var numpyName: String {
        switch self {
        case .float32: "<f4"
        case .float64: "<f8"
        case .int64: "<i8"
        case .int32: "<i4"
        case .uint8: "|u1"
        }
    }

    /// How a safetensors header writes it.
    var safetensorsName: String {
        switch self {
        case .float32: "F32"
        case .float64: "F64"
        case .int64: "I64"
        case .int32: "I32"
        case .uint8: "U8"
        }
    }
}
