/// A stream of messages on one topic.
public struct Channel: Equatable, Sendable {
    /// Its number in the file.
    public var id: UInt16
    /// The schema of its messages; 0 for none.
    public var schemaID: UInt16
    /// The topic.
    public var topic: String
    /// The format of its messages.
    public var messageEncoding: String
    /// Further facts.
    public var metadata: TextMap

    /// Makes a channel.
    public init(
        id: UInt16,
        schemaID: UInt16 = 0,
        topic: String,
        messageEncoding: String = "",
        metadata: TextMap = [:]
    ) {
        self.id = id
        self.schemaID = schemaID
        self.topic = topic
        self.messageEncoding = messageEncoding
        self.metadata = metadata
    }
}
