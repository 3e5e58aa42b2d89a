import ByteCoding

/// What a reader needs of a record in a chunk without reading its content.
@usableFromInline
struct RecordHeader: BitwiseCopyable {
    /// The message's header; zeros if the record is not a message.
    @usableFromInline let message: MessageHeader
    /// The offset in the chunk of the message's data, or of another record's content.
    @usableFromInline let start: UInt32
    /// Length of the message's data; the greatest number, larger than any chunk, marks another record.
    @usableFromInline let dataCount: UInt32

    /// The header of a message whose content begins at `start`.
    @inline(__always)
    init(messageAt start: Int, size: Int, in bytes: RawSpan) {
        message = StreamReader.messageHeader(bytes, at: start)
        // Truncates nothing: a chunk over 4 GiB is refused beforehand.
        self.start = UInt32(truncatingIfNeeded: start + Format.messageHeaderSize)
        dataCount = UInt32(truncatingIfNeeded: size - Format.messageHeaderSize)
    }

    /// The header of a schema or channel whose content begins at `start`.
    init(definitionAt start: Int) {
        message = MessageHeader(channelID: 0, sequence: 0, logTime: 0, publishTime: 0)
        self.start = UInt32(truncatingIfNeeded: start)
        dataCount = .max
    }

    @inlinable var isMessage: Bool { dataCount != .max }
}
