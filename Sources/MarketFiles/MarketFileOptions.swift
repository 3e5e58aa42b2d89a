/// How market files are written.
public struct MarketFileOptions: Sendable {
    /// Levels a side of raw and wide books.
    public var depth: Int
    /// How order books are laid out in files.
    public var books: BookLayout
    /// How files are arranged in folders.
    public var folders: FolderLayout
    /// How columns are encoded.
    public var encoding: FileEncoding
    /// Stored in every file.
    public var metadata: [(key: String, value: String)]
    /// The memory limit of all open files together, bytes.
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
