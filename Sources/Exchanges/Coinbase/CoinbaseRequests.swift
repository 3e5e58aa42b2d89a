import MarketModel

/// Subscription requests, and the answers to them.
enum CoinbaseRequests {
    static let rules = SubscriptionRules(
        // Eight messages a second and address.
        pace: SubscriptionRules.Pace(burst: 3, interval: 200 * UnixTime.millisecond),
        answersTopics: false,
        namesDepth: false,
        topicsOf: { topics($1) },
        requestsFor: { requests($1) },
        nameOf: \.symbol,
        replyIn: reply,
        idMember: nil,
        // What is subscribed in USDC comes back in USD.
        keyOf: { symbol in
            let name = symbol.uppercased()
            return name.hasSuffix("-USDC") ? String(name.dropLast()) : name
        }
    )

    /// One a channel.
    static func requests(_ topics: [Subscription]) -> [SubscriptionRules.Request] {
        [(FeedKinds(), "heartbeats"), (.book, "level2"), (.trades, "market_trades")].compactMap {
            (kinds: FeedKinds, channel: String) in
            let indexes = topics.indices.filter { topics[$0].kinds == kinds }
            guard !indexes.isEmpty else { return nil }
            let list = indexes.map { topics[$0].symbol.jsonLiteral }.joined(separator: ",")
            let text = #"{"type":"subscribe","product_ids":[\#(list)],"channel":"\#(channel)"}"#
            return SubscriptionRules.Request(indexes, text)
        }
    }

    /// The symbols that a request asks for.
    static func symbols(_ request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("type", in: request)?.isString("subscribe", in: request) == true else { return [] }
        return ["product_ids", "product_id"].flatMap {
            root.member($0, in: request)?.texts(in: request) ?? []
        }
    }

    private static func topics(_ subscription: Subscription) -> [Subscription] {
        // Without heartbeats the venue closes quiet channels.
        let kinds: [FeedKinds] = [[]] + [.book, .trades].filter { subscription.kinds.contains($0) }
        return kinds.map { Subscription($0, symbol: subscription.symbol) }
    }

    private static func reply(_ text: RawSpan) -> SubscriptionReply? {
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
                guard let kinds = kinds(of: channel, text) else { continue }
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
