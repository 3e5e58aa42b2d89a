/// Offset of a metadata record.
public struct MetadataIndex: Equatable, Sendable {
    /// Offset of the record.
    public var offset: UInt64
    /// Length of the record, opcode and length included.
    public var length: UInt64
    /// Its name.
    public var name: String
}
