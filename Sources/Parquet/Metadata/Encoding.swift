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
