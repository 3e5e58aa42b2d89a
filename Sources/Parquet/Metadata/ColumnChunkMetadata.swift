/// The pages of one column in one row group.
public struct ColumnChunkMetadata: Sendable, Equatable {
    /// The physical type.
    public var type: PhysicalType = .boolean
    /// The encodings used, levels and dictionary included.
    public var encodings: [Encoding] = []
    /// The names from the root to the column.
    public var path: [String] = []
    /// How pages are compressed.
    public var compression: Compression = .uncompressed
    /// How many values there are, nulls included.
    public var valueCount: Int64 = 0
    /// Bytes of the pages before compression, headers included.
    public var uncompressedSize: Int64 = 0
    /// Bytes of the pages in the file, headers included.
    public var compressedSize: Int64 = 0
    /// Where the first data page starts.
    public var dataPageOffset: Int64 = 0
    /// Where the dictionary page starts.
    public var dictionaryPageOffset: Int64?
    /// What is known of the values.
    public var statistics: ColumnStatistics?
    /// Pages by kind and encoding.
    public var encodingStatistics: [PageEncodingCount] = []
    /// Where the page locations are.
    public var offsetIndex: FilePart?
    /// Where the bounds of the pages are.
    public var columnIndex: FilePart?
    var filePath: String?
    var isEncrypted = false
    var hasMetadata = true
    /// An unknown type or codec.
    var unknown: String?
    var unknownCompression: Int32?

    /// The codec's name, or `CODEC_` and its number if unknown; nil if encrypted.
    public var compressionName: String? {
        hasMetadata ? unknownCompression.map { "CODEC_\($0)" } ?? compression.name : nil
    }

    init() {}
}
