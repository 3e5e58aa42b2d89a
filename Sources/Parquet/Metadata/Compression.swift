/// How pages are compressed.
public enum Compression: Int32, Sendable, Hashable {
    /// Not at all.
    case uncompressed = 0
    /// Snappy, raw format.
    case snappy = 1
    /// Gzip members or zlib streams.
    case gzip = 2
    /// LZO, not read.
    case lzo = 3
    /// Brotli, read only.
    case brotli = 4
    /// LZ4 in Hadoop's frames, raw blocks or LZ4 frames, depending on the writer; read only.
    case lz4Hadoop = 5
    /// Zstandard frames.
    case zstd = 6
    /// LZ4 blocks.
    case lz4Raw = 7

    /// The name in the format's own documents, such as `LZ4_RAW`.
    public var name: String {
        switch self {
        case .uncompressed: "UNCOMPRESSED"
        case .snappy: "SNAPPY"
        case .gzip: "GZIP"
        case .lzo: "LZO"
        case .brotli: "BROTLI"
        case .lz4Hadoop: "LZ4"
        case .zstd: "ZSTD"
        case .lz4Raw: "LZ4_RAW"
        }
    }
}
