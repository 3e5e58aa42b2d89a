/// How a column is encoded; `docs/PARQUET.md` explains the defaults.
public enum ColumnEncoding: Sendable, Equatable {
    /// A dictionary if it pays; otherwise DELTA_BINARY_PACKED for integers, BYTE_STREAM_SPLIT for
    /// compressed floating-point columns, PLAIN for the rest.
    case automatic
    /// One value after the other.
    case plain
    /// A dictionary until it grows beyond its limit, PLAIN from there on.
    case dictionary
    /// Packed differences, for INT32 and INT64.
    case deltaBinaryPacked
    /// Split into byte streams, for everything of fixed width but BOOLEAN.
    case byteStreamSplit
    /// Runs, for BOOLEAN.
    case runLength
    /// Packed lengths and then all bytes, for BYTE_ARRAY.
    case deltaLengthByteArray
}

extension ColumnEncoding {
    func suits(_ column: ParquetColumn) -> Bool {
        switch (self, column.physicalType) {
        case (.automatic, _), (.plain, _): true
        case (.dictionary, let type): type != .boolean
        case (.deltaBinaryPacked, let type): type == .int32 || type == .int64
        case (.byteStreamSplit, let type): type != .boolean && type != .byteArray
        case (.runLength, let type): type == .boolean
        case (.deltaLengthByteArray, let type): type == .byteArray
        }
    }
}
