/// That a request was granted, to be written.
///
/// Times in nanoseconds since the Unix epoch.
public struct Acknowledgement: Sendable {
    /// What was asked.
    public var operation = SubscriptionOperation.subscribe
    /// The topics it names: those of the request, or all that are subscribed, as the venue has it.
    public var topics: [Subscription]
    /// The request's id as it stood in it; empty for none.
    public var id = ""
    /// The venue's name of the connection.
    public var connection: String
    /// When the request came.
    public var requestTime: Int64
    /// When the answer was sent.
    public var time: Int64
    /// Whether the time stands in answers that may leave it out.
    public var isTimed = false
    /// The connection's message number.
    public var number: Int64 = 0

    /// The answer to a request of `topics`.
    public init(topics: [Subscription], connection: String, requestTime: Int64, time: Int64) {
        (self.topics, self.connection) = (topics, connection)
        (self.requestTime, self.time) = (requestTime, time)
    }
}
