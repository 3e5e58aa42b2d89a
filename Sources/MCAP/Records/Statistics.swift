/// Counts of a file.
public struct Statistics: Equatable, Sendable {
    /// Messages of one channel.
    public struct Entry: Equatable, Sendable {
        /// The channel.
        public var channelID: UInt16
        /// How many messages it has.
        public var count: UInt64
    }

    /// Messages.
    public var messageCount: UInt64 = 0
    /// Schemas.
    public var schemaCount: UInt16 = 0
    /// Channels.
    public var channelCount: UInt32 = 0
    /// Attachments.
    public var attachmentCount: UInt32 = 0
    /// Metadata records.
    public var metadataCount: UInt32 = 0
    /// Chunks.
    public var chunkCount: UInt32 = 0
    /// Earliest log time; 0 without messages.
    public var startTime: UInt64 = 0
    /// Latest log time; 0 without messages.
    public var endTime: UInt64 = 0
    /// Messages by channel, in order of channel number; empty if not available.
    public var channelMessageCounts: [Entry] = []
}
