/// What a venue answers to a request, and what the request changes.
public struct ServedAnswer: Sendable {
    /// The frames that answer.
    public var frames: [String]
    /// The topics that begin or end.
    public var topics: [ServedTopic]
    /// Which of the two.
    public var operation: SubscriptionOperation

    /// Frames that answer, and topics that change.
    public init(
        _ frames: [String],
        _ topics: [ServedTopic] = [],
        _ operation: SubscriptionOperation = .unsubscribe
    ) {
        (self.frames, self.topics, self.operation) = (frames, topics, operation)
    }
}
