/// Offset and times of an attachment.
public struct AttachmentIndex: Equatable, Sendable {
    /// Offset of the attachment record.
    public var offset: UInt64
    /// Length of the record, opcode and length included.
    public var length: UInt64
    /// When it was recorded.
    public var logTime: UInt64
    /// When it was made; 0 if not known.
    public var createTime: UInt64
    /// Size of its content.
    public var dataSize: UInt64
    /// Its name.
    public var name: String
    /// Its media type.
    public var mediaType: String
}
