import ByteCoding

/// What a reader needs to know of a record in a chunk before its content.
@usableFromInline
struct RecordHeader: BitwiseCopyable {
    /// The message's header; zeros where the record is no message.
    @usableFromInline let message: MessageHeader
    /// Where in the chunk the message's data begins, or the content of another record.
    @usableFromInline let start: UInt32
    /// Length of the message's data; the greatest number, which no chunk has room for, marks another record.
    @usableFromInline let dataCount: UInt32

    /// Takes the head of a message whose content begins at `start` and holds its header.
    @inline(__always)
    init(messageAt start: Int, size: Int, in bytes: RawSpan) {
        message = StreamReader.messageHeader(bytes, at: start)
        // Truncates nothing: a chunk over 4 GiB is refused beforehand.
        self.start = UInt32(truncatingIfNeeded: start + Format.messageHeaderSize)
        dataCount = UInt32(truncatingIfNeeded: size - Format.messageHeaderSize)
    }

    /// Marks a schema or channel whose content begins at `start`.
    init(definitionAt start: Int) {
        message = MessageHeader(channelID: 0, sequence: 0, logTime: 0, publishTime: 0)
        self.start = UInt32(truncatingIfNeeded: start)
        dataCount = .max
    }

    @inlinable var isMessage: Bool { dataCount != .max }
}
