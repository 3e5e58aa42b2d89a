/// Offset and content of a chunk.
public struct ChunkIndex: Equatable, Sendable {
    /// The offset of a channel's message index.
    public struct Entry: Equatable, Sendable {
        /// The channel.
        public var channelID: UInt16
        /// Offset of its message index record in the file.
        public var offset: UInt64
    }

    /// Earliest log time of its messages.
    public var startTime: UInt64
    /// Latest log time of its messages.
    public var endTime: UInt64
    /// Offset of the chunk record.
    public var chunkOffset: UInt64
    /// Length of the chunk record, opcode and length included.
    public var chunkLength: UInt64
    /// The message indexes after the chunk; empty if there are none.
    public var messageIndexOffsets: [Entry]
    /// Length of those records together.
    public var messageIndexLength: UInt64
    /// As in the chunk.
    public var compression: String
    /// Size of the chunk's records as stored.
    public var compressedSize: UInt64
    /// Size of the chunk's records when expanded.
    public var uncompressedSize: UInt64
}
