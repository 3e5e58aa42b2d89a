/// Times and offsets of a channel's messages in a chunk.
public struct MessageIndex: Equatable, Sendable {
    /// One message.
    public struct Entry: Equatable, Sendable {
        /// Its log time.
        public var logTime: UInt64
        /// Offset of its record in the expanded chunk.
        public var offset: UInt64
    }

    /// The channel.
    public var channelID: UInt16
    /// Its messages.
    public var entries: [Entry]
}
