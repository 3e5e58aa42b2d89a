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
    /// Times and places of a channel's messages in the chunk before it.
    case messageIndex = 0x07
    /// Place and times of a chunk.
    case chunkIndex = 0x08
    /// A file within the file.
    case attachment = 0x09
    /// Place of an attachment.
    case attachmentIndex = 0x0a
    /// Counts and times of the file.
    case statistics = 0x0b
    /// Named key-value pairs.
    case metadata = 0x0c
    /// Place of a metadata record.
    case metadataIndex = 0x0d
    /// Place of a group of summary records.
    case summaryOffset = 0x0e
    /// End of the data section.
    case dataEnd = 0x0f
}

/// Fixed sizes and marks of the format.
enum Format {
    /// The bytes at both ends of a file: version 0.
    static let magic: [UInt8] = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]
    /// Opcode and length.
    static let prefixSize = 9
    /// The message fields before its data.
    static let messageHeaderSize = 22
    /// The footer's content.
    static let footerSize = 20
    /// Footer record and closing magic.
    static let tailSize = prefixSize + footerSize + magic.count
}
