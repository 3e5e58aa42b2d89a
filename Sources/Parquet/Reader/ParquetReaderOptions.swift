/// The limits that a reader enforces, and what it checks.
public struct ParquetReaderOptions: Sendable, Equatable {
    /// The most bytes of a footer, and of the indexes of pages.
    public var maximumFooterBytes = 256 << 20
    /// The most bytes of a page, as stored and as expanded.
    ///
    /// A page is in memory as a whole, compressed ones in both forms; the format allows 2 GiB.
    public var maximumPageBytes = 1 << 30
    /// The most bytes of the texts of one column in one batch; a batch ends early rather than exceed it.
    public var maximumBatchBytes = 64 << 20
    /// The most bytes of the rows of one batch without texts; a batch has fewer rows rather than exceed it.
    public var maximumFixedBytes = 256 << 20
    /// The most bytes, decompressed, of the pages and dictionaries open at once: one of each per column.
    public var maximumOpenPageBytes = 1 << 30
    /// The most bytes that ``ParquetReader/readAll(columns:rowGroups:)`` returns; nil means 256 MiB plus
    /// 2,048 times the file's size, since a few bytes can repeat a value billions of times.
    public var maximumTableBytes: Int?
    /// Whether pages that carry a CRC-32 are checked.
    public var verifiesChecksums = true

    /// Makes the default options.
    public init() {}
}
