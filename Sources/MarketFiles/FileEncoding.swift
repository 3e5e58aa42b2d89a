/// How the columns of market files are encoded.
public enum FileEncoding: String, CaseIterable, Sendable {
    /// What makes the smallest files quickly: dictionaries, packed differences, split bytes.
    case automatic
    /// One value after the other, for readers without BYTE_STREAM_SPLIT or DELTA_BINARY_PACKED.
    case plain
}
