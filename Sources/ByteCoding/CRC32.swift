import CDeflate

/// CRC-32 (IEEE 802.3, as in gzip, MCAP, Parquet and checksums of books), taken in pieces.
@frozen
public struct CRC32: Equatable, Sendable {
    /// The checksum of the bytes so far; zero without any.
    public private(set) var value: UInt32 = 0

    /// Starts with no bytes.
    public init() {}

    /// Continues after bytes whose checksum is `value`.
    public init(_ value: UInt32) { self.value = value }

    /// Adds further bytes.
    public mutating func update(_ bytes: RawSpan) {
        value = bytes.withUnsafeBytes { libdeflate_crc32(value, $0.baseAddress, $0.count) }
    }

    /// The checksum of one run of bytes.
    public static func checksum(_ bytes: RawSpan) -> UInt32 {
        var crc = CRC32()
        crc.update(bytes)
        return crc.value
    }
}
