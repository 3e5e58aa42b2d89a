import ByteCoding

/// How chunks are compressed.
public enum ChunkCompression: Equatable, Sendable {
    /// Not at all.
    case none
    /// LZ4 frames.
    case lz4
    /// zstd at a level from 1 (fast) to 22.
    case zstd(level: Int)

    /// The name in the file.
    public var name: String {
        switch self {
        case .none: ""
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }
}
