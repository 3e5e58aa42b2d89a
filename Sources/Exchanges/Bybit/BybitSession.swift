public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Bybit {
    public var session: SessionRules {
        SessionRules(
            // The venue states no rate: what it takes was seen to be above this.
            pace: .init(burst: 5, interval: 50 * UnixTime.millisecond),
            namesDepth: true,
            requestSize: Self.argumentsPerRequest,
            mixesChannels: true,
            // The venue takes 21,000 characters of arguments a connection.
            requestLimit: 21_000,
            ping: (#"{"op":"ping"}"#, 20 * UnixTime.second)
        )
    }

    /// Spot refuses a request with more arguments; the other markets are given no more either.
    static let argumentsPerRequest = 10
    static let channels = [
        FeedChannel("orderbook", .book, usualDepth: 200), FeedChannel("publicTrade", .trades),
        FeedChannel("allLiquidation", .liquidations),
        FeedChannel("tickers", [.fundingRates, .openInterest]),
    ]

    /// Spot has no liquidations, and its tickers neither funding nor interest.
    public func channels(of market: Market) -> [FeedChannel] {
        market == .spot ? Array(Self.channels.prefix(2)) : Self.channels
    }

    public func name(of topic: Subscription) -> String {
        let channel = Self.channels.first { $0.kinds == topic.kinds }
        let depth = channel?.usualDepth.map { "\(topic.depth ?? $0)." } ?? ""
        return "\(channel?.name ?? "tickers").\(depth)\(topic.symbol)"
    }

    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        #"{"op":"\#(operation.rawValue)","args":\#(topics.map { name(of: $0) }.jsonList)}"#
    }

    public func identified(_ request: String, _ id: UInt64) -> String {
        request.withJSONMember(#""req_id":"\#(id)""#)
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        let reply = SubscriptionReply(root, in: text, operation: "op", reason: "ret_msg")
        guard let reply, reply.reason != "pong", !reply.isAccepted || reply.ends != nil else { return nil }
        return reply
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        request.text("op") == "subscribe" ? request.texts("args").compactMap { symbol(ofTopic: $0) } : []
    }

    public func symbol(ofTopic topic: String) -> String? {
        BybitTopic.symbol(Array(topic.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    public func spellings(of symbol: String) -> [String] { symbol.withUpperCase }
}
