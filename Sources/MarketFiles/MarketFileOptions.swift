/// How order books lie in files.
public enum BookLayout: String, CaseIterable, Sendable {
    /// A row a level: side, level (0 = best), price, size.
    case long
    /// A row a book: `bid_px_00, ask_px_00, bid_sz_00, ask_sz_00, …`, null where there is no level.
    case wide
}

/// How the files of a data type lie in folders.
public enum FolderLayout: String, CaseIterable, Sendable {
    /// All in the folder of the data type.
    case flat
    /// In `exchange=/market=/symbol=/date=` below it, a file a UTC day; those columns are not in the files.
    ///
    /// The day is that of the row's `ts`, of a raw event's receive time.
    case hive
}

/// How the columns of market files are encoded.
public enum FileEncoding: String, CaseIterable, Sendable {
    /// What makes the smallest files quickly: dictionaries, packed differences, split bytes.
    case automatic
    /// One value after the other, for readers without BYTE_STREAM_SPLIT or DELTA_BINARY_PACKED.
    case plain
}

/// How market files are written.
public struct MarketFileOptions: Sendable {
    /// Levels a side of raw and wide books.
    public var depth: Int
    /// How order books lie in files.
    public var books: BookLayout
    /// How files lie in folders.
    public var folders: FolderLayout
    /// How columns are encoded.
    public var encoding: FileEncoding
    /// Goes into every file.
    public var metadata: [(key: String, value: String)]
    /// The most bytes held in memory for all open files together.
    public var bufferBytes: Int

    /// The seed's layout, long books.
    public init(
        depth: Int = 50,
        books: BookLayout = .long,
        folders: FolderLayout = .flat,
        encoding: FileEncoding = .automatic,
        metadata: [(key: String, value: String)] = [],
        bufferBytes: Int = 8 << 20
    ) {
        self.depth = depth
        self.books = books
        self.folders = folders
        self.encoding = encoding
        self.metadata = metadata
        self.bufferBytes = bufferBytes
    }
}
