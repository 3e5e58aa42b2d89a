/// What the footer of a file says.
public struct FileMetadata: Sendable, Equatable {
    /// The format's version number; 1 or 2, of no consequence.
    public var version: Int32 = 2
    /// The schema as in the file, root first.
    public var schema: [SchemaElement] = []
    /// How many rows the file has.
    public var rowCount: Int64 = 0
    /// The row groups in file order.
    public var rowGroups: [RowGroupMetadata] = []
    /// The writer's metadata, in file order.
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
