import ByteCoding

/// A value to hold bounds against.
public enum ColumnBound: Sendable, Equatable {
    /// For INT32, INT64 and BOOLEAN (0, 1), in the column's own unit, and for decimals without their scale.
    case integer(Int64)
    /// The same, for values above the greatest `Int64`.
    case unsigned(UInt64)
    /// For FLOAT, DOUBLE and FLOAT16.
    case number(Double)
    /// For BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY; decimals in two's complement, most significant byte first.
    case bytes([UInt8])
}
