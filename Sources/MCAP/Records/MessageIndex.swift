/// Where a channel's messages lie in a chunk.
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
