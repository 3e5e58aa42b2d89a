/// The largest things a reader takes into memory; beyond them a length is a typed error or a ``Loss``.
public struct ReaderLimits: Equatable, Sendable {
    /// Content of one record, in bytes.
    public var record: Int
    /// Expanded records of one chunk, in bytes.
    public var chunk: Int
    /// The summary section, in bytes.
    public var summary: Int
    /// Chunks held at once by an indexed reader where they overlap in time, in bytes: their expanded records, and 36
    /// bytes noted of each message.
    public var overlap: Int

    /// 256 MiB a record and a chunk, 1 GiB a summary and overlapping chunks.
    public init(
        record: Int = 256 << 20,
        chunk: Int = 256 << 20,
        summary: Int = 1 << 30,
        overlap: Int = 1 << 30
    ) {
        self.record = record
        self.chunk = chunk
        self.summary = summary
        self.overlap = overlap
    }
}
