/// Numbers that are stored as fixed bytes.
public enum FixedBytesNumber {
    /// Nanoseconds since 1970 of an INT96: nanoseconds of the day, then the Julian day; wraps beyond 1677…2262.
    public static func nanoseconds(int96 bytes: [UInt8]) -> Int64 {
        guard bytes.count == 12, let nanoseconds = Int64(littleEndianBytes: Array(bytes[..<8])),
            let day = Int32(littleEndianBytes: Array(bytes[8...]))
        else { return 0 }
        return (Int64(day) - 2_440_588) &* 86_400_000_000_000 &+ nanoseconds
    }

    /// The double of equal value of a FLOAT16.
    public static func halfPrecision(_ bytes: [UInt8]) -> Double {
        UInt16(littleEndianBytes: bytes).map(HalfPrecision.double) ?? .nan
    }
}
