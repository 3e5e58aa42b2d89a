public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Kraken {
    public var session: SessionRules {
        SessionRules(
            // The venue states no number; peers were refused above some twenty a second.
            pace: .init(burst: 5, interval: 200 * UnixTime.millisecond),
            answersTopics: true,
            numbersTrades: true,
            ping: (#"{"method":"ping"}"#, 30 * UnixTime.second)
        )
    }

    static let usualDepth = 10
    /// A request names so many at most: its answers, one a symbol, come in one burst.
    static let symbolsPerRequest = 100

    /// One for all symbols of a channel and depth.
    public func requests(
        _ operation: SubscriptionOperation,
        topics: [Subscription],
        market: Market
    ) -> [SubscriptionRequest] {
        var groups: [(feed: Subscription, indexes: [Int])] = []
        for (index, topic) in topics.enumerated() {
            let group = groups.firstIndex {
                $0.feed.kinds == topic.kinds && $0.feed.depth == topic.depth
                    && $0.indexes.count < Self.symbolsPerRequest
            }
            if let group { groups[group].indexes.append(index) } else { groups.append((topic, [index])) }
        }
        return groups.map { group in
            let symbols = group.indexes.map { topics[$0].symbol.jsonLiteral }.joined(separator: ",")
            return SubscriptionRequest(
                group.indexes,
                Self.request(operation, group.feed, symbols, hasSnapshot: group.feed.kinds == .book)
            )
        }
    }

    /// A request; the venue sends the last trades where a snapshot is asked for.
    static func request(
        _ operation: SubscriptionOperation,
        _ feed: Subscription,
        _ symbols: String,
        hasSnapshot: Bool
    ) -> String {
        let parameters =
            feed.kinds == .book
            ? #""channel":"book","symbol":[\#(symbols)],"depth":\#(feed.depth ?? Self.usualDepth),"#
            : #""channel":"trade","symbol":[\#(symbols)],"#
        return #"{"method":"\#(operation.rawValue)","params":{\#(parameters)"snapshot":\#(hasSnapshot)}}"#
    }

    public func identified(_ request: String, _ id: UInt64) -> String {
        request.withJSONMember(#""req_id":\#(id)"#)
    }

    public func name(of topic: Subscription) -> String { topic.symbol }

    public func key(of symbol: String) -> String { symbol.uppercased() }

    public func symbol(ofTopic topic: [UInt8]) -> [UInt8]? { topic }

    public func symbols(subscribedBy request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("method", in: request)?.isString("subscribe", in: request) == true else {
            return []
        }
        let parameters = root.member("params", in: request)
        return parameters?.member("symbol", in: request)?.texts(in: request) ?? []
    }

    public func topics(of subscription: Subscription, market: Market) -> [Subscription] {
        var topics: [Subscription] = []
        let symbol = subscription.symbol
        if subscription.kinds.contains(.book) {
            topics.append(Subscription(.book, symbol: symbol, depth: subscription.depth ?? Self.usualDepth))
        }
        if subscription.kinds.contains(.trades) { topics.append(Subscription(.trades, symbol: symbol)) }
        return topics
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        guard let success = root.member("success", in: text), success.kind(in: text) == .bool else {
            return nil
        }
        var reply = SubscriptionReply(isAccepted: success.isTrue(in: text))
        if let method = root.member("method", in: text), method.identifier(in: text) != nil {
            reply.ends = method.isString("unsubscribe", in: text)
            guard reply.ends == true || method.isString("subscribe", in: text) else { return nil }
        }
        reply.id = root.member("req_id", in: text)?.identifier(in: text)
        reply.reason = root.member("error", in: text)?.shortText(in: text) ?? ""
        let result = root.member("result", in: text)
        var kinds: FeedKinds?
        if let channel = result?.member("channel", in: text) { kinds = Self.kinds(of: channel, text) }
        if let symbol = result?.member("symbol", in: text) ?? root.member("symbol", in: text) {
            let symbols = symbol.shortText(in: text).map { [$0] } ?? symbol.shortTexts(in: text)
            reply.names = symbols.map { .init(kinds: kinds, text: $0) }
        }
        return reply
    }

    private static func kinds(of channel: JSONValue, _ text: RawSpan) -> FeedKinds {
        if channel.isString("book", in: text) { return .book }
        return channel.isString("trade", in: text) ? .trades : []
    }
}
