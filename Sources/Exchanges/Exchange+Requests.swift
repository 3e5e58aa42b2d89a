public import MarketModel

extension Exchange {
    /// The kinds of event its decoder makes.
    public var kinds: FeedKinds {
        let polled = markets.map { replyRules(of: $0)?.polledKinds ?? [] }
        return markets.flatMap { channels(of: $0).map(\.kinds) }.reduce(polled.reduce([]) { $0.union($1) }) {
            $0.union($1)
        }
    }

    /// What the venue subscribes to one by one for `subscriptions`, each once, with its depth stated.
    public func topics(of subscriptions: [Subscription], market: Market) -> [Subscription] {
        var topics: [Subscription] = []
        var seen: Set<String> = []
        for wanted in subscriptions {
            for channel in channels(of: market == .multi ? self.market(ofSymbol: wanted.symbol) : market)
            where channel.kinds.isEmpty || !channel.kinds.isDisjoint(with: wanted.kinds) {
                guard let subject = channel.subject(wanted.symbol) else { continue }
                let depth = channel.usualDepth.map { wanted.depth ?? $0 }
                guard seen.insert("\(channel.name) \(depth ?? 0) \(subject)").inserted else { continue }
                topics.append(Subscription(channel.kinds, symbol: subject, depth: depth))
            }
        }
        return topics
    }

    /// The frames that begin or end `topics`, in order, within the venue's sizes: as many and for the same topics either
    /// way.
    public func requests(
        _ operation: SubscriptionOperation = .subscribe,
        topics: [Subscription],
        market: Market
    ) -> [SubscriptionRequest] {
        requestGroups(of: topics).map { indexes in
            SubscriptionRequest(indexes, request(operation, indexes.map { topics[$0] }, market: market))
        }
    }

    /// The frames to send that subscribe to `subscriptions`, in order, within the venue's limits.
    public func requests(for subscriptions: [Subscription], market: Market) -> [String] {
        requests(topics: topics(of: subscriptions, market: market), market: market).map(\.text)
    }

    /// Groups of as many topics as a request takes, of one channel and depth unless requests mix them.
    public func requestGroups(of topics: [Subscription]) -> [[Int]] {
        let (size, mixes) = (session.requestSize, session.mixesChannels)
        var groups: [[Int]] = []
        for (index, topic) in topics.enumerated() {
            let group = groups.firstIndex { indexes in
                let first = topics[indexes[0]]
                let fits = mixes || first.kinds == topic.kinds && first.depth == topic.depth
                return fits && indexes.count < size
            }
            if let group { groups[group].append(index) } else { groups.append([index]) }
        }
        return groups
    }

    /// Whether a frame says that the venue is about to close the connection; such frames are short.
    public func announcesClose(in frame: RawSpan) -> Bool {
        frame.byteCount <= 1_024 && JSONValidator.isValid(frame) && announcesClose(frame)
    }

    /// What a frame wants sent back at once, nil for all others; such frames are short.
    public func answer(toFrame frame: RawSpan) -> String? {
        frame.byteCount <= 1_024 && JSONValidator.isValid(frame) ? answer(to: frame) : nil
    }

    /// What a frame answers to requests; nil for all other frames.
    ///
    /// Cost: a search through the frame; frames beyond 1 MiB are not read.
    public func subscriptionReply(in frame: RawSpan) -> SubscriptionReply? {
        guard frame.byteCount <= 1 << 20, JSONValidator.isValid(frame) else { return nil }
        return readSubscriptionReply(frame)
    }
}
