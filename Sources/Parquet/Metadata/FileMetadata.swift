/// What the footer of a file says.
public struct FileMetadata: Sendable, Equatable {
    /// The format's version number; 1 or 2, of no consequence.
    public var version: Int32 = 2
    /// The schema as it stands in the file, root first.
    public var schema: [SchemaElement] = []
    /// How many rows the file has.
    public var rowCount: Int64 = 0
    /// The row groups in file order.
    public var rowGroups: [RowGroupMetadata] = []
    /// What the writer wished to say, in file order.
    public var keyValues: [KeyValue] = []
    /// Who wrote the file.
    public var createdBy: String?
    /// How many leaf columns have the type-defined order, by column; empty if the file does not say.
    public var hasTypeOrder: [Bool] = []
    /// Whether the file has encrypted parts.
    public var isEncrypted = false

    /// Makes metadata of an empty file.
    public init() {}
}

/// One key and its value, which can be absent.
public struct KeyValue: Sendable, Equatable {
    /// The key; need not be unique.
    public var key: String
    /// The value.
    public var value: String?

    /// Makes a pair.
    public init(_ key: String, _ value: String?) {
        self.key = key
        self.value = value
    }
}

/// A node of the schema tree, flattened depth first.
public struct SchemaElement: Sendable, Equatable {
    /// Whether the field is always there, can be null or repeats.
    public enum Repetition: Int32, Sendable {
        /// Always there.
        case required = 0
        /// Can be null.
        case optional = 1
        /// Any number of times.
        case repeated = 2
    }

    /// The physical type; nil for a group.
    public var type: PhysicalType?
    /// Bytes a value of FIXED_LEN_BYTE_ARRAY.
    public var typeLength: Int32?
    /// nil for the root.
    public var repetition: Repetition?
    /// The field's name.
    public var name = ""
    /// How many of the following elements are children; nil for a leaf.
    public var childCount: Int32?
    /// The meaning, from the logical type or the older converted type.
    public var logicalType: LogicalType?
    /// The number given to the field by the writer.
    public var fieldID: Int32?
    /// The number of a physical type that is not known here.
    var unknownType: Int32?
    var convertedType: Int32?
    var scale: Int32?
    var precision: Int32?

    init() {}
}

/// One row group: a chunk for each column.
public struct RowGroupMetadata: Sendable, Equatable {
    /// The chunks in column order.
    public var columns: [ColumnChunkMetadata] = []
    /// Bytes of all pages before compression, headers included.
    public var byteSize: Int64 = 0
    /// How many rows the group has.
    public var rowCount: Int64 = 0
    /// How the rows are said to be sorted.
    public var sortingColumns: [SortingColumn] = []
    /// Where the first page starts.
    public var fileOffset: Int64?
    /// Bytes of all pages in the file, headers included.
    public var compressedSize: Int64?
    /// The place of the group in the file.
    public var ordinal: Int16?

    init() {}
}

/// A column by which rows are sorted.
public struct SortingColumn: Sendable, Equatable {
    /// The place of the column in the schema.
    public var column: Int
    /// Whether the largest value comes first.
    public var isDescending: Bool
    /// Whether nulls come before values.
    public var nullsFirst: Bool

    /// Makes a sort key.
    public init(column: Int, isDescending: Bool = false, nullsFirst: Bool = false) {
        self.column = column
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst
    }
}

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
    /// A type or codec that is not known here.
    var unknown: String?
    var unknownCompression: Int32?

    /// The codec's name, `CODEC_` and its number for one that is not known here; nil where it is encrypted.
    public var compressionName: String? {
        hasMetadata ? unknownCompression.map { "CODEC_\($0)" } ?? compression.name : nil
    }

    init() {}
}

/// A number of pages of one kind and encoding.
public struct PageEncodingCount: Sendable, Equatable {
    /// The kind of page: 0 data, 2 dictionary, 3 data of version 2.
    public var pageKind: Int32
    /// Their encoding.
    public var encoding: Encoding
    /// How many there are.
    public var count: Int32
}

/// A range of bytes of the file.
public struct FilePart: Sendable, Equatable {
    /// The first byte.
    public var offset: Int64
    /// How many bytes.
    public var length: Int32
}
