/// The size limits of what a reader loads into memory.
///
/// Sound but larger data is ``MCAPError/overLimit(name:offset:what:size:limit:)``; an implausible length is
/// a ``Loss``.
public struct ReaderLimits: Equatable, Sendable {
    /// Content of one record, in bytes.
    public var record: Int
    /// Expanded records of one chunk, in bytes.
    public var chunk: Int
    /// The summary section, in bytes.
    public var summary: Int
    /// Chunks that overlap in time and an indexed reader has in memory together, bytes: their expanded
    /// records, and 36 bytes per message.
    public var overlap: Int

    /// 1 GiB of each.
    public init(
        record: Int = 1 << 30,
        chunk: Int = 1 << 30,
        summary: Int = 1 << 30,
        overlap: Int = 1 << 30
    ) {
        self.record = record
        self.chunk = chunk
        self.summary = summary
        self.overlap = overlap
    }

    /// Limits a chunk; a record that contains one may be larger by its fields.
    public init(maximumChunk: Int) {
        let chunk = max(1, min(maximumChunk, 1 << 40))
        self.init(record: chunk + (64 << 10), chunk: chunk)
    }
}
