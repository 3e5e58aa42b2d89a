/// The kinds of record, by their first byte (MCAP specification, version 0).
@frozen
public enum Opcode: UInt8, Sendable, CaseIterable {
    /// File header.
    case header = 0x01
    /// End of file.
    case footer = 0x02
    /// A schema.
    case schema = 0x03
    /// A channel.
    case channel = 0x04
    /// A message.
    case message = 0x05
    /// A batch of schemas, channels and messages.
    case chunk = 0x06
    /// Times and offsets of a channel's messages in the chunk before it.
    case messageIndex = 0x07
    /// Offset and times of a chunk.
    case chunkIndex = 0x08
    /// A file within the file.
    case attachment = 0x09
    /// Offset of an attachment.
    case attachmentIndex = 0x0a
    /// Counts and times of the file.
    case statistics = 0x0b
    /// Named key-value pairs.
    case metadata = 0x0c
    /// Offset of a metadata record.
    case metadataIndex = 0x0d
    /// Offset of a group of summary records.
    case summaryOffset = 0x0e
    /// End of the data section.
    case dataEnd = 0x0f
}
