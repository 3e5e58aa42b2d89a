import MarketModel

/// Subscription requests, and the answers to them.
enum BybitRequests {
    static let rules = SubscriptionRules(
        // The venue states no rate: what it takes was seen to be above this.
        pace: SubscriptionRules.Pace(burst: 5, interval: 50 * UnixTime.millisecond),
        answersTopics: false,
        namesDepth: true,
        topicsOf: topics,
        requestsFor: { requests($1) },
        nameOf: topic,
        replyIn: reply,
        idMember: { #""req_id":"\#($0)""# },
        keyOf: { $0.uppercased() }
    )

    /// Spot refuses a request with more arguments; the other markets are given no more either.
    static let argumentsPerRequest = 10
    static let usualDepth = 200

    static func requests(_ topics: [Subscription]) -> [SubscriptionRules.Request] {
        stride(from: 0, to: topics.count, by: argumentsPerRequest).map { start in
            let indexes = Array(start..<min(start + argumentsPerRequest, topics.count))
            let list = indexes.map { topic(topics[$0]).jsonLiteral }.joined(separator: ",")
            return SubscriptionRules.Request(indexes, #"{"op":"subscribe","args":[\#(list)]}"#)
        }
    }

    /// The symbols that a request asks for.
    static func symbols(_ request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("op", in: request)?.isString("subscribe", in: request) == true else { return [] }
        return (root.member("args", in: request)?.texts(in: request) ?? []).compactMap(BybitTopic.symbol)
    }

    private static func topics(_ market: Market, _ subscription: Subscription) -> [Subscription] {
        let symbol = subscription.symbol
        var topics: [Subscription] = []
        if subscription.kinds.contains(.book) {
            topics.append(Subscription(.book, symbol: symbol, depth: subscription.depth ?? usualDepth))
        }
        if subscription.kinds.contains(.trades) { topics.append(Subscription(.trades, symbol: symbol)) }
        guard market != .spot else { return topics }
        if subscription.kinds.contains(.liquidations) {
            topics.append(Subscription(.liquidations, symbol: symbol))
        }
        let ticker = FeedKinds([.fundingRates, .openInterest])
        if !subscription.kinds.isDisjoint(with: ticker) {
            topics.append(Subscription(ticker, symbol: symbol))
        }
        return topics
    }

    private static func topic(_ feed: Subscription) -> String {
        switch feed.kinds {
        case .book: "orderbook.\(feed.depth ?? usualDepth).\(feed.symbol)"
        case .trades: "publicTrade.\(feed.symbol)"
        case .liquidations: "allLiquidation.\(feed.symbol)"
        default: "tickers.\(feed.symbol)"
        }
    }

    private static func reply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        guard let success = root.member("success", in: text), success.kind(in: text) == .bool else {
            return nil
        }
        var reply = SubscriptionReply(isAccepted: success.isTrue(in: text))
        reply.reason = root.member("ret_msg", in: text)?.shortText(in: text) ?? ""
        if let operation = root.member("op", in: text), operation.identifier(in: text) != nil {
            reply.ends = operation.isString("unsubscribe", in: text)
            guard reply.ends == true || operation.isString("subscribe", in: text) else { return nil }
        }
        if reply.reason == "pong" || reply.isAccepted && reply.ends == nil { return nil }
        reply.id = root.member("req_id", in: text)?.identifier(in: text)
        return reply
    }
}
