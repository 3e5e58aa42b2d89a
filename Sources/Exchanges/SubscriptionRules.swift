public import MarketModel

/// How an exchange is asked for feeds, and how it answers.
public struct SubscriptionRules: Sendable {
    /// One frame that subscribes.
    public struct Request: Equatable, Sendable {
        /// The places of its topics in the list that was asked for.
        public var indexes: [Int]
        /// The frame, without an id.
        public var text: String

        init(_ indexes: [Int], _ text: String) { (self.indexes, self.text) = (indexes, text) }
    }

    /// How fast requests may follow each other, on all connections of the venue together.
    public struct Pace: Equatable, Sendable {
        /// So many at once.
        public var burst: Int64
        /// Then one each so many nanoseconds.
        public var interval: Int64
    }

    /// The pace of requests.
    public let pace: Pace
    /// Whether each topic of a request is answered by itself, rather than the request as a whole.
    public let answersTopics: Bool
    /// Whether messages say the depth that their topic was asked at.
    public let namesDepth: Bool
    let topicsOf: @Sendable (Market, Subscription) -> [Subscription]
    let requestsFor: @Sendable (Market, [Subscription]) -> [Request]
    let nameOf: @Sendable (Subscription) -> String
    let replyIn: @Sendable (RawSpan) -> SubscriptionReply?
    /// The member that gives a request its id; nil where the venue knows none.
    let idMember: (@Sendable (UInt64) -> String)?
    /// The symbol as the venue compares it.
    let keyOf: @Sendable (String) -> String
}

extension Exchange {
    /// What the venue subscribes to one by one for `subscriptions`, each once, with its depth stated.
    ///
    /// One without kinds keeps the connection alive and brings no events.
    public func topics(of subscriptions: [Subscription], market: Market) -> [Subscription] {
        var topics: [Subscription] = []
        var seen: Set<String> = []
        for subscription in subscriptions {
            for topic in self.subscriptions.topicsOf(market, subscription)
            where seen.insert("\(topic.kinds.rawValue) \(topic.depth ?? 0) \(topic.symbol)").inserted {
                topics.append(topic)
            }
        }
        return topics
    }

    /// The frames that subscribe to `topics`, in order, within the venue's sizes.
    public func requests(topics: [Subscription], market: Market) -> [SubscriptionRules.Request] {
        subscriptions.requestsFor(market, topics)
    }

    /// The frames to send that subscribe to `subscriptions`, in order, within the venue's limits.
    public func requests(for subscriptions: [Subscription], market: Market) -> [String] {
        requests(topics: topics(of: subscriptions, market: market), market: market).map(\.text)
    }

    /// A request as one that ends its topics.
    public func ending(_ request: String) -> String {
        // All venues name the operation in a string of its own, and no symbol is called that.
        request.split(separator: "\"subscribe\"", omittingEmptySubsequences: false)
            .joined(separator: "\"unsubscribe\"")
    }

    /// A request with an id that its answer repeats; as it is where the venue knows none.
    public func identified(_ request: String, _ id: UInt64) -> String {
        guard let member = subscriptions.idMember, request.hasPrefix("{") else { return request }
        return "{\(member(id)),\(request.dropFirst())"
    }

    /// What a frame answers to requests; nil for all other frames.
    ///
    /// Cost: a tolerant reading of the frame; frames beyond 1 MiB are not read.
    public func subscriptionReply(in frame: RawSpan) -> SubscriptionReply? {
        guard frame.byteCount <= 1 << 20, JSONValidator.isValid(frame) else { return nil }
        return subscriptions.replyIn(frame)
    }

    /// How requests and answers name a topic.
    public func name(of topic: Subscription) -> String { subscriptions.nameOf(topic) }

    /// A symbol as the venue compares it: two that it takes for one have the same.
    public func key(of symbol: String) -> String { subscriptions.keyOf(symbol) }
}
