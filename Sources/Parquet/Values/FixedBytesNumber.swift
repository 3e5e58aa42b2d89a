/// Numbers that are stored as fixed bytes.
public enum FixedBytesNumber {
    /// Nanoseconds since 1970 of an INT96: nanoseconds of the day, then the Julian day; exact for all of them.
    public static func nanoseconds(int96 bytes: [UInt8]) -> Int128 {
        guard bytes.count == 12, let nanoseconds = Int64(littleEndianBytes: Array(bytes[..<8])),
            let day = Int32(littleEndianBytes: Array(bytes[8...]))
        else { return 0 }
        return (Int128(day) - 2_440_588) * 86_400_000_000_000 + Int128(nanoseconds)
    }

    /// The double of equal value of a FLOAT16.
    public static func halfPrecision(_ bytes: [UInt8]) -> Double {
        UInt16(littleEndianBytes: bytes).map(HalfPrecision.double) ?? .nan
    }
}
