/// The fields of a message before its data.
@frozen
public struct MessageHeader: Equatable, Sendable {
    /// The channel.
    public var channelID: UInt16
    /// The publisher's counter.
    public var sequence: UInt32
    /// When it was recorded: nanoseconds since the file's epoch.
    public var logTime: UInt64
    /// When it was published: nanoseconds since the file's epoch.
    public var publishTime: UInt64

    /// Makes a message header.
    @inlinable
    public init(channelID: UInt16, sequence: UInt32, logTime: UInt64, publishTime: UInt64) {
        self.channelID = channelID
        self.sequence = sequence
        self.logTime = logTime
        self.publishTime = publishTime
    }
}
