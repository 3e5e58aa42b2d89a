/// The limits that a reader holds a file against, and what it checks.
public struct ParquetReaderOptions: Sendable, Equatable {
    /// The most bytes of a footer.
    public var maximumFooterBytes = 256 << 20
    /// The most bytes of a page, as stored and as expanded.
    public var maximumPageBytes = 128 << 20
    /// The most bytes of the texts of one column in one batch; a batch ends earlier rather than hold more.
    public var maximumBatchBytes = 64 << 20
    /// Whether pages that carry a CRC-32 are checked.
    public var verifiesChecksums = true

    /// Makes the default options.
    public init() {}
}
