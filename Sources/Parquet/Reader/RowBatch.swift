/// Some rows of some columns.
public struct RowBatch: Sendable, Equatable {
    /// One vector for each column asked for, all of the same length.
    public var columns: [ColumnVector]
    /// How many rows there are.
    public var rowCount: Int
    /// The row group they are from.
    public var rowGroup: Int

    /// A batch without rows, to be filled by ``BatchReader/next(into:)``.
    public init() {
        (columns, rowCount, rowGroup) = ([], 0, 0)
    }
}
