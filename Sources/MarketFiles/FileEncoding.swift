/// How the columns of market files are encoded.
public enum FileEncoding: String, CaseIterable, Sendable {
    /// Small files, quickly: dictionaries, packed differences, split bytes.
    case automatic
    /// Plain values, for readers without BYTE_STREAM_SPLIT or DELTA_BINARY_PACKED.
    case plain
}
