/// A column by which rows are sorted.
public struct SortingColumn: Sendable, Equatable {
    /// The index of the column in the schema.
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
