/// A run of bytes that could not be read, and what is known of their content.
public struct Loss: Equatable, Sendable {
    /// Offset of the first byte in the file.
    public var offset: UInt64
    /// The number of bytes; 0 if messages are missing in readable bytes.
    public var length: UInt64
    /// The number of messages lost, if an index or a counter states it.
    public var messages: UInt64?
    /// Earliest log time of those, where known.
    public var startTime: UInt64?
    /// Latest log time of those, where known.
    public var endTime: UInt64?
    /// What is wrong with them.
    public var reason: String

    /// Makes a loss; only its place need be known.
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
