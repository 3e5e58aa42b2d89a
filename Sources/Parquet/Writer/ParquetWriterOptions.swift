/// How a file is written; the same rows and options give the same bytes.
public struct ParquetWriterOptions: Sendable, Equatable {
    /// The codec of pages.
    public var compression = Compression.zstd
    /// The effort of zstd (1 to 22) or gzip (1 to 12).
    public var compressionLevel = 1
    /// The layout of columns without options of their own.
    public var encoding = ColumnEncoding.automatic
    /// Options of columns by name.
    public var columns: [String: ColumnOptions] = [:]
    /// The most rows in a row group.
    public var rowGroupRows = 1 << 20
    /// The most bytes in a row group before encoding; bounds the writer's memory.
    public var rowGroupBytes = 128 << 20
    /// The most rows in a data page.
    public var pageRows = 20_000
    /// About the most bytes in a data page before compression.
    public var pageBytes = 1 << 20
    /// The most bytes in a dictionary.
    public var dictionaryBytes = 1 << 20
    /// 1 or 2.
    public var dataPageVersion = 1
    /// Whether chunks have statistics.
    public var writesStatistics = true
    /// Whether the file has a page index.
    public var writesPageIndex = true
    /// Whether pages carry a CRC-32.
    public var writesChecksums = true
    /// The most bytes of a text in statistics.
    public var statisticsBytes = 64
    /// How the caller sorted the rows of each row group; recorded, not checked.
    public var sortingColumns: [SortingColumn] = []
    /// How many threads encode the columns of a row group; the bytes do not depend on it.
    public var threads = 1
    /// Who writes the file.
    public var createdBy = "atelier-data version 0.1.0"

    /// Makes the default options.
    public init() {}
}

extension ParquetWriterOptions {
    func check(_ schema: ParquetSchema) throws(ParquetError) {
        let positive = [
            ("rowGroupRows", rowGroupRows), ("rowGroupBytes", rowGroupBytes), ("pageRows", pageRows),
            ("pageBytes", pageBytes), ("threads", threads), ("statisticsBytes", statisticsBytes),
        ]
        for (name, value) in positive where value < 1 {
            throw .misuse("\(name) is \(value), expected at least 1")
        }
        guard pageBytes <= 1 << 28, pageRows <= 1 << 28, dictionaryBytes <= 1 << 28 else {
            throw .misuse("pages and dictionaries are limited to 268435456 bytes and rows")
        }
        guard dataPageVersion == 1 || dataPageVersion == 2 else {
            throw .misuse("dataPageVersion is \(dataPageVersion), expected 1 or 2")
        }
        for name in columns.keys.sorted() where schema.index(of: name) == nil {
            throw .misuse("options for the column \(name), which is not in the schema")
        }
        for key in sortingColumns where !schema.columns.indices.contains(key.column) {
            throw .misuse("sorting column \(key.column) is not in the schema")
        }
        for column in schema.columns { try check(column) }
    }

    private func check(_ column: ParquetColumn) throws(ParquetError) {
        switch compression(of: column) {
        case .lzo, .brotli, .lz4Hadoop:
            throw .misuse("column \(column.name): \(compression(of: column).name) is not written (try: zstd)")
        default: break
        }
        // The file's encoding is a preference, a column's own is mandatory.
        guard let own = columns[column.name] else { return }
        guard own.encoding.suits(column) else {
            throw .misuse("column \(column.name): \(own.encoding) does not suit \(column.physicalType.name)")
        }
    }

    func compression(of column: ParquetColumn) -> Compression {
        columns[column.name]?.compression ?? compression
    }

    func compressionLevel(of column: ParquetColumn) -> Int {
        columns[column.name]?.compressionLevel ?? compressionLevel
    }

    func encoding(of column: ParquetColumn) -> ColumnEncoding {
        if let own = columns[column.name] { return own.encoding }
        // DuckDB cannot read split fixed byte arrays: only used if a column's own option demands it.
        if encoding == .byteStreamSplit, column.physicalType == .fixedLengthByteArray { return .automatic }
        return encoding.suits(column) ? encoding : .automatic
    }
}
