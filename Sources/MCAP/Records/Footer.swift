/// The last record of a file.
public struct Footer: Equatable, Sendable {
    /// Offset of the summary section; 0 if there is none.
    public var summaryStart: UInt64
    /// Offset of the summary offset section; 0 if there is none.
    public var summaryOffsetStart: UInt64
    /// CRC-32 from the summary's start through this record's offsets; 0 if not available.
    public var summaryCRC: UInt32
}
