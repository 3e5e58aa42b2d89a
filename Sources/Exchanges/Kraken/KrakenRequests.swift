import MarketModel

/// Subscription requests, the answers to them, and the time of a frame.
enum KrakenRequests {
    static let rules = SubscriptionRules(
        // The venue states no number; peers were refused above some twenty a second.
        pace: SubscriptionRules.Pace(burst: 5, interval: 200 * UnixTime.millisecond),
        answersTopics: true,
        namesDepth: false,
        topicsOf: { topics($1) },
        requestsFor: { requests($1) },
        nameOf: \.symbol,
        replyIn: reply,
        idMember: { #""req_id":\#($0)"# },
        keyOf: { $0.uppercased() }
    )

    static let usualDepth = 10
    /// A request names so many at most: its answers, one a symbol, come in one burst.
    static let symbolsPerRequest = 100

    /// One for all symbols of a channel and depth.
    static func requests(_ topics: [Subscription]) -> [SubscriptionRules.Request] {
        var groups: [(feed: Subscription, indexes: [Int])] = []
        for (index, topic) in topics.enumerated() {
            let group = groups.firstIndex {
                $0.feed.kinds == topic.kinds && $0.feed.depth == topic.depth
                    && $0.indexes.count < symbolsPerRequest
            }
            if let group { groups[group].indexes.append(index) } else { groups.append((topic, [index])) }
        }
        return groups.map { group in
            let symbols = group.indexes.map { topics[$0].symbol.jsonLiteral }.joined(separator: ",")
            return SubscriptionRules.Request(group.indexes, request(group.feed, symbols))
        }
    }

    private static func request(_ feed: Subscription, _ symbols: String) -> String {
        let parameters =
            feed.kinds == .book
            ? #""channel":"book","symbol":[\#(symbols)],"depth":\#(feed.depth ?? usualDepth),"snapshot":true"#
            : #""channel":"trade","symbol":[\#(symbols)],"snapshot":false"#
        return #"{"method":"subscribe","params":{\#(parameters)}}"#
    }

    /// The symbols that a request asks for.
    static func symbols(_ request: RawSpan) -> [[UInt8]] {
        guard JSONValidator.isValid(request) else { return [] }
        let root = JSONValue.root(of: request)
        guard root.member("method", in: request)?.isString("subscribe", in: request) == true else {
            return []
        }
        let parameters = root.member("params", in: request)
        return parameters?.member("symbol", in: request)?.texts(in: request) ?? []
    }

    private static func topics(_ subscription: Subscription) -> [Subscription] {
        var topics: [Subscription] = []
        let symbol = subscription.symbol
        if subscription.kinds.contains(.book) {
            topics.append(Subscription(.book, symbol: symbol, depth: subscription.depth ?? usualDepth))
        }
        if subscription.kinds.contains(.trades) { topics.append(Subscription(.trades, symbol: symbol)) }
        return topics
    }

    private static func reply(_ text: RawSpan) -> SubscriptionReply? {
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

    /// The greatest `timestamp` among the entries of `data`.
    static func venueTime(_ text: RawSpan) -> Int64? {
        guard JSONValidator.isValid(text) else { return nil }
        var greatest: Int64?
        var entries = JSONValue.root(of: text).member("data", in: text)?.elements(in: text)
        while let entry = entries?.next(in: text) {
            guard let time = entry.member("timestamp", in: text)?.rfc3339(in: text) else { continue }
            greatest = max(greatest ?? time, time)
        }
        return greatest
    }
}
