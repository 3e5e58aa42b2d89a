/// One row group: a chunk for each column.
public struct RowGroupMetadata: Sendable, Equatable {
    /// The chunks in column order.
    public var columns: [ColumnChunkMetadata] = []
    /// Bytes of all pages before compression, headers included.
    public var byteSize: Int64 = 0
    /// How many rows the group has.
    public var rowCount: Int64 = 0
    /// The stated sort order of the rows.
    public var sortingColumns: [SortingColumn] = []
    /// Where the first page starts.
    public var fileOffset: Int64?
    /// Bytes of all pages in the file, headers included.
    public var compressedSize: Int64?
    /// The index of the group in the file.
    public var ordinal: Int16?

    init() {}
}
