/// How the values of a page are laid out.
public enum Encoding: Int32, Sendable, Hashable, Comparable {
    /// One after the other.
    case plain = 0
    /// Dictionary indices, by its old name.
    case plainDictionary = 2
    /// Runs and bit-packed groups.
    case rle = 3
    /// Bit-packed levels of very old files.
    case bitPacked = 4
    /// Differences in bit-packed blocks.
    case deltaBinaryPacked = 5
    /// Lengths as differences, then all bytes.
    case deltaLengthByteArray = 6
    /// Shared prefixes with the value before.
    case deltaByteArray = 7
    /// Dictionary indices in runs and bit-packed groups.
    case rleDictionary = 8
    /// First bytes of all values, then all second bytes, and so on.
    case byteStreamSplit = 9

    /// The name in the format's own documents, such as `RLE_DICTIONARY`.
    public var name: String {
        switch self {
        case .plain: "PLAIN"
        case .plainDictionary: "PLAIN_DICTIONARY"
        case .rle: "RLE"
        case .bitPacked: "BIT_PACKED"
        case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
        case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
        case .deltaByteArray: "DELTA_BYTE_ARRAY"
        case .rleDictionary: "RLE_DICTIONARY"
        case .byteStreamSplit: "BYTE_STREAM_SPLIT"
        }
    }

    /// Orders by number in the format.
    public static func < (left: Encoding, right: Encoding) -> Bool { left.rawValue < right.rawValue }
}

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
    /// LZ4 in Hadoop's frames, in blocks or in frames of its own, as its writers had it; read only.
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
