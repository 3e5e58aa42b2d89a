import MarketModel

/// What a connection was asked for and did not bring.
public struct FeedsLacking: Equatable, Sendable {
    /// A topic the venue does not give, and why.
    public struct Refusal: Equatable, Sendable {
        /// Such as `book/BTCUSDT`.
        public var topic: String
        /// In the venue's words.
        public var reason: String
    }

    /// Topics that were refused.
    public var refused: [Refusal] = []
    /// Topics that were neither confirmed nor brought a frame.
    public var unconfirmed: [String] = []
    /// Topics that brought no frame on their last connection though they speak by themselves.
    public var silent: [String] = []
    /// Topics that never brought a frame and speak only when the market does.
    public var quiet: [String] = []
    /// Books that have been without a snapshot for longer than the gap threshold.
    public var withoutSnapshot: [String] = []
    /// Whether every topic was refused.
    public var isWholeRefusal = false

    /// Nothing is lacking yet.
    public init() {}
}

extension FeedSubscriptions {
    /// What is lacking at a time.
    func lacking(at now: Int64) -> FeedsLacking {
        var lacking = FeedsLacking()
        for topic in topics where !topic.isKeepalive { add(topic, to: &lacking, now) }
        lacking.isWholeRefusal = isRefusedWhole
        return lacking
    }

    /// Whether every topic was refused.
    var isRefusedWhole: Bool {
        topics.contains { !$0.isKeepalive } && topics.allSatisfy { $0.isKeepalive || $0.refusal != nil }
    }

    private func add(_ topic: FeedTopic, to lacking: inout FeedsLacking, _ now: Int64) {
        if let reason = topic.refusal {
            lacking.refused.append(FeedsLacking.Refusal(topic: topic.name, reason: reason))
        } else if !topic.wasConfirmed, !topic.hasSpoken {
            lacking.unconfirmed.append(topic.name)
        } else if topic.lastFrame == nil, topic.alwaysSpeaks {
            if let since = topic.confirmedAt, now - since >= settings.silence {
                lacking.silent.append(topic.name)
            }
        } else if !topic.hasSpoken {
            lacking.quiet.append(topic.name)
        } else if topic.wanted.isWrong, let since = topic.wanted.since, now - since >= settings.silence {
            lacking.withoutSnapshot.append(topic.name)
        }
    }
}
