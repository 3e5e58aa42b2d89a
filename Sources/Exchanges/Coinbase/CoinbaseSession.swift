public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Coinbase {
    public var session: SessionRules {
        SessionRules(
            // Eight messages a second and address.
            pace: .init(burst: 3, interval: 200 * UnixTime.millisecond),
            recovery: .reconnect
        )
    }

    /// One a channel.
    public func requests(
        _ operation: SubscriptionOperation,
        topics: [Subscription],
        market: Market
    ) -> [SubscriptionRequest] {
        [(FeedKinds(), "heartbeats"), (.book, "level2"), (.trades, "market_trades")].compactMap {
            (kinds: FeedKinds, channel: String) in
            let indexes = topics.indices.filter { topics[$0].kinds == kinds }
            guard !indexes.isEmpty else { return nil }
            let list = indexes.map { topics[$0].symbol.jsonLiteral }.joined(separator: ",")
            let text =
                #"{"type":"\#(operation.rawValue)","product_ids":[\#(list)],"channel":"\#(channel)"}"#
            return SubscriptionRequest(indexes, text)
        }
    }

    /// The venue knows no ids.
    public func identified(_ request: String, _ id: UInt64) -> String { request }

    public func name(of topic: Subscription) -> String { topic.symbol }

    /// What is subscribed in USDC comes back in USD.
    public func key(of symbol: String) -> String {
        let name = symbol.uppercased()
        return name.hasSuffix("-USDC") ? String(name.dropLast()) : name
    }

    public func symbol(ofTopic topic: [UInt8]) -> [UInt8]? { topic }

    /// Products in USDC are traded in the book of those in USD, and come back by that name.
    public func otherSpelling(of symbol: [UInt8]) -> [UInt8]? {
        symbol.suffix(5).elementsEqual("-USDC".utf8) ? symbol.dropLast() : nil
    }

    public func symbols(subscribedBy request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("type", in: request)?.isString("subscribe", in: request) == true else { return [] }
        return ["product_ids", "product_id"].flatMap {
            root.member($0, in: request)?.texts(in: request) ?? []
        }
    }

    public func topics(of subscription: Subscription, market: Market) -> [Subscription] {
        // Without heartbeats the venue closes quiet channels.
        let kinds: [FeedKinds] = [[]] + [.book, .trades].filter { subscription.kinds.contains($0) }
        return kinds.map { Subscription($0, symbol: subscription.symbol) }
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        if root.member("type", in: text)?.isString("error", in: text) == true {
            var reply = SubscriptionReply(isAccepted: false)
            let reason = root.member("message", in: text) ?? root.member("reason", in: text)
            reply.reason = reason?.shortText(in: text) ?? ""
            return reply
        }
        guard root.member("channel", in: text)?.isString("subscriptions", in: text) == true else {
            return nil
        }
        var reply = SubscriptionReply(isAccepted: true, isWhole: true)
        var events = root.member("events", in: text)?.elements(in: text)
        while let event = events?.next(in: text) {
            guard let channels = event.member("subscriptions", in: text) else { continue }
            var members = channels.members(in: text)
            while let (channel, products) = members.next(in: text) {
                guard let kinds = Self.kinds(of: channel, text) else { continue }
                reply.names += products.shortTexts(in: text).map { .init(kinds: kinds, text: $0) }
            }
        }
        return reply
    }

    private static func kinds(of channel: JSONValue, _ text: RawSpan) -> FeedKinds? {
        if channel.isString("level2", in: text) || channel.isString("l2_data", in: text) { return .book }
        if channel.isString("heartbeats", in: text) { return [] }
        return channel.isString("market_trades", in: text) ? .trades : nil
    }
}
