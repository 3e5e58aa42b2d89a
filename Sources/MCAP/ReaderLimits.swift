/// The largest things a reader takes into memory.
///
/// What is sound and larger is ``MCAPError/overLimit(name:offset:what:size:limit:)``; a length that nothing bears out is a
/// ``Loss``.
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

    /// A largest chunk, which a record that holds one may pass by its fields.
    public init(maximumChunk: Int) {
        let chunk = max(1, min(maximumChunk, 1 << 40))
        self.init(record: chunk + (64 << 10), chunk: chunk)
    }
}
