public import MarketModel

extension Exchange {
    /// What the venue subscribes to one by one for `subscriptions`, each once, with its depth stated.
    public func topics(of subscriptions: [Subscription], market: Market) -> [Subscription] {
        var topics: [Subscription] = []
        var seen: Set<String> = []
        for subscription in subscriptions {
            for topic in self.topics(of: subscription, market: market)
            where seen.insert("\(topic.kinds.rawValue) \(topic.depth ?? 0) \(topic.symbol)").inserted {
                topics.append(topic)
            }
        }
        return topics
    }

    /// The frames that subscribe to `topics`, in order, within the venue's sizes.
    public func requests(topics: [Subscription], market: Market) -> [SubscriptionRequest] {
        requests(.subscribe, topics: topics, market: market)
    }

    /// The frames that end `topics`: as many, for the same topics, as those that subscribe to them.
    public func unsubscribeRequests(topics: [Subscription], market: Market) -> [SubscriptionRequest] {
        requests(.unsubscribe, topics: topics, market: market)
    }

    /// The frames to send that subscribe to `subscriptions`, in order, within the venue's limits.
    public func requests(for subscriptions: [Subscription], market: Market) -> [String] {
        requests(topics: topics(of: subscriptions, market: market), market: market).map(\.text)
    }

    /// What a frame answers to requests; nil for all other frames.
    ///
    /// Cost: a tolerant reading of the frame; frames beyond 1 MiB are not read.
    public func subscriptionReply(in frame: RawSpan) -> SubscriptionReply? {
        guard frame.byteCount <= 1 << 20, JSONValidator.isValid(frame) else { return nil }
        return readSubscriptionReply(frame)
    }
}
