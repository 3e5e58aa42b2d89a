/// The limits that a reader holds a file against, and what it checks.
public struct ParquetReaderOptions: Sendable, Equatable {
    /// The most bytes of a footer, and of the indexes of pages.
    public var maximumFooterBytes = 256 << 20
    /// The most bytes of a page, as stored and as expanded.
    ///
    /// A page is held whole, and where it is compressed in both forms; the format ends at 2 GiB.
    public var maximumPageBytes = 1 << 30
    /// The most bytes of the texts of one column in one batch; a batch ends earlier rather than hold more.
    public var maximumBatchBytes = 64 << 20
    /// The most bytes that the rows of one batch take, texts aside; a batch has fewer rows rather than take more.
    public var maximumFixedBytes = 256 << 20
    /// The most bytes, as expanded, of the pages and dictionaries that are open at once: one of each a column.
    public var maximumOpenPageBytes = 1 << 30
    /// The most bytes that ``ParquetReader/readAll(columns:rowGroups:)`` returns; nil stands for 256 MiB and 2,048
    /// times the bytes of the file, since a few bytes can say that a value repeats billions of times.
    public var maximumTableBytes: Int?
    /// Whether pages that carry a CRC-32 are checked.
    public var verifiesChecksums = true

    /// Makes the default options.
    public init() {}
}
