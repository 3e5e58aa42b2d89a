/// A run of bytes that could not be read, and what is known of what they held.
public struct Loss: Equatable, Sendable {
    /// Offset of the first byte in the file.
    public var offset: UInt64
    /// How many bytes; 0 where messages are lost in bytes that were read.
    public var length: UInt64
    /// How many messages they held, where an index or a counter tells.
    public var messages: UInt64?
    /// Earliest log time of those, where known.
    public var startTime: UInt64?
    /// Latest log time of those, where known.
    public var endTime: UInt64?
    /// What is wrong with them.
    public var reason: String

    /// Makes a loss of which only the place is known.
    public init(
        offset: UInt64,
        length: UInt64,
        messages: UInt64? = nil,
        startTime: UInt64? = nil,
        endTime: UInt64? = nil,
        reason: String
    ) {
        self.offset = offset
        self.length = length
        self.messages = messages
        self.startTime = startTime
        self.endTime = endTime
        self.reason = reason
    }
}
