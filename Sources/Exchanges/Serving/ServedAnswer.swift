/// What a venue answers to a request, and what the request changes.
public struct ServedAnswer: Sendable {
    /// The frames that answer.
    public var frames: [String]
    /// The topics that begin or end.
    public var topics: [ServedTopic]
    /// Which of the two.
    public var operation: SubscriptionOperation

    /// What the venue asks of the client from now on; nil changes nothing, of no interval ends it.
    public var heartbeats: ServedHeartbeats?

    /// Whether the request answers a heartbeat.
    public var answersHeartbeat = false

    /// Whether the venue closes the connection instead of an answer, without a word.
    public var closes = false

    /// The answer of a venue that closes the connection without a word.
    public static var closing: ServedAnswer {
        var answer = ServedAnswer([])
        answer.closes = true
        return answer
    }

    /// Frames that answer, and topics that change.
    public init(
        _ frames: [String],
        _ topics: [ServedTopic] = [],
        _ operation: SubscriptionOperation = .unsubscribe
    ) {
        (self.frames, self.topics, self.operation) = (frames, topics, operation)
    }
}
