import MarketModel

extension FeedSubscriptions {
    /// What is missing at a time.
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
            if let since = topic.confirmedAt, now - since >= patience(with: topic) {
                lacking.silent.append(topic.name)
            }
        } else if !topic.hasSpoken {
            lacking.quiet.append(topic.name)
        } else if topic.wanted.isWrong, let since = topic.wanted.since, now - since >= patience(with: topic) {
            lacking.withoutSnapshot.append(topic.name)
        }
    }
}
