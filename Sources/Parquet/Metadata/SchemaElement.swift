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
    /// The number of an unknown physical type.
    var unknownType: Int32?
    var convertedType: Int32?
    var scale: Int32?
    var precision: Int32?

    init() {}
}
