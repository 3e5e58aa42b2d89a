/// The options of one column; nil means the file's default.
public struct ColumnOptions: Sendable, Equatable {
    /// The layout.
    public var encoding = ColumnEncoding.automatic
    /// The codec.
    public var compression: Compression?
    /// The codec's effort, for zstd and gzip.
    public var compressionLevel: Int?

    /// Makes options for one column.
    public init(
        encoding: ColumnEncoding = .automatic,
        compression: Compression? = nil,
        compressionLevel: Int? = nil
    ) {
        self.encoding = encoding
        self.compression = compression
        self.compressionLevel = compressionLevel
    }
}
