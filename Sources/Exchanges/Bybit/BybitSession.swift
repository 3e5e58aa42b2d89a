public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Bybit {
    public var session: SessionRules {
        SessionRules(
            // The venue states no rate: what it takes was seen to be above this.
            pace: .init(burst: 5, interval: 50 * UnixTime.millisecond),
            namesDepth: true,
            // The venue takes 21,000 characters of arguments a connection.
            requestLimit: 21_000,
            ping: (#"{"op":"ping"}"#, 20 * UnixTime.second)
        )
    }

    /// Spot refuses a request with more arguments; the other markets are given no more either.
    static let argumentsPerRequest = 10
    static let usualDepth = 200

    public func requests(
        _ operation: SubscriptionOperation,
        topics: [Subscription],
        market: Market
    ) -> [SubscriptionRequest] {
        stride(from: 0, to: topics.count, by: Self.argumentsPerRequest).map { start in
            let indexes = Array(start..<min(start + Self.argumentsPerRequest, topics.count))
            let list = indexes.map { name(of: topics[$0]).jsonLiteral }.joined(separator: ",")
            return SubscriptionRequest(indexes, #"{"op":"\#(operation.rawValue)","args":[\#(list)]}"#)
        }
    }

    public func identified(_ request: String, _ id: UInt64) -> String {
        request.withJSONMember(#""req_id":"\#(id)""#)
    }

    public func key(of symbol: String) -> String { symbol.uppercased() }

    public func symbols(subscribedBy request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("op", in: request)?.isString("subscribe", in: request) == true else { return [] }
        return (root.member("args", in: request)?.texts(in: request) ?? []).compactMap(BybitTopic.symbol)
    }

    public func symbol(ofTopic topic: [UInt8]) -> [UInt8]? { BybitTopic.symbol(topic) }

    public func topics(of subscription: Subscription, market: Market) -> [Subscription] {
        let symbol = subscription.symbol
        var topics: [Subscription] = []
        if subscription.kinds.contains(.book) {
            topics.append(Subscription(.book, symbol: symbol, depth: subscription.depth ?? Self.usualDepth))
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

    public func name(of topic: Subscription) -> String {
        switch topic.kinds {
        case .book: "orderbook.\(topic.depth ?? Self.usualDepth).\(topic.symbol)"
        case .trades: "publicTrade.\(topic.symbol)"
        case .liquidations: "allLiquidation.\(topic.symbol)"
        default: "tickers.\(topic.symbol)"
        }
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
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
