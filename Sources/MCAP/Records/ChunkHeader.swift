/// A chunk's fields but its bytes.
public struct ChunkHeader: Equatable, Sendable {
    /// Earliest log time of its messages; 0 without messages.
    public var startTime: UInt64
    /// Latest log time of its messages; 0 without messages.
    public var endTime: UInt64
    /// Size of its records when expanded.
    public var uncompressedSize: UInt64
    /// CRC-32 of its expanded records; 0 if not available.
    public var uncompressedCRC: UInt32
    /// `zstd`, `lz4` or empty.
    public var compression: String
    /// Size of its records as stored.
    public var storedSize: UInt64
}
