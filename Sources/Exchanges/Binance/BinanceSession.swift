public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Binance {
    public var session: SessionRules {
        SessionRules(
            // Spot takes five messages a second on a connection, pongs included.
            pace: .init(burst: 4, interval: 250 * UnixTime.millisecond),
            recovery: .seed,
            requestSize: 200,
            mixesChannels: true,
            topicLimit: 1_024,
            hasTwoTradeForms: true,
            lifetime: 24 * 3_600 * UnixTime.second
        )
    }

    /// USD-M has books and the rest at paths of their own.
    private static func futures(_ books: String?, _ rest: String?) -> [FeedChannel] {
        [
            FeedChannel("depth@100ms", .book, path: books), FeedChannel("aggTrade", .trades, path: rest),
            FeedChannel("forceOrder", .liquidations, path: rest),
            FeedChannel("markPrice@1s", .fundingRates, path: rest),
        ]
    }
    private static let linear = futures("/public/stream", "/market/stream")
    private static let inverse = futures(nil, nil)
    private static let spot = [FeedChannel("depth@100ms", .book), FeedChannel("trade", .trades)]

    public func channels(of market: Market) -> [FeedChannel] {
        switch market {
        case .spot: Self.spot
        case .linear: Self.linear
        case .inverse: Self.inverse
        case .option, .multi: []
        }
    }

    /// Markets differ in their trades, so a name is made with the market alone.
    private func stream(_ topic: Subscription, _ market: Market) -> String {
        let channel = channels(of: market).first { $0.kinds == topic.kinds }
        return "\(topic.symbol.lowercased())@\(channel?.name ?? "")"
    }

    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        let streams = topics.map { stream($0, market) }.jsonList
        return #"{"method":"\#(operation.rawValue.uppercased())","params":\#(streams)}"#
    }

    public func identified(_ request: String, _ id: UInt64) -> String {
        request.withJSONMember(#""id":\#(id)"#)
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        let isGranted = root.member("result", in: text)?.kind(in: text) == .null
        let fault = root.member("error", in: text) ?? (root.member("code", in: text) == nil ? nil : root)
        guard isGranted || fault?.member("msg", in: text) != nil else { return nil }
        var reply = SubscriptionReply(isAccepted: isGranted)
        reply.id = root.member("id", in: text)?.identifier(in: text)
        if !isGranted { reply.reason = fault?.member("msg", in: text)?.shortText(in: text) ?? "" }
        return reply
    }

    public func announcesClose(_ text: RawSpan) -> Bool {
        let (payload, _) = BinancePayload.open(.root(of: text), in: text)
        return payload.member("e", in: text)?.isString("serverShutdown", in: text) == true
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        request.text("method") == "SUBSCRIBE"
            ? request.texts("params").compactMap { symbol(ofTopic: $0) } : []
    }

    /// Of a stream the text before its `@`; streams of all symbols, such as `!markPrice@arr`, have none.
    public func symbol(ofTopic topic: String) -> String? {
        topic.hasPrefix("!") ? nil : topic.split(separator: "@").first.map(String.init)
    }

    /// Streams are in lower case, messages in upper case.
    public func spellings(of symbol: String) -> [String] { symbol.withUpperCase }

    /// `…/ws/<stream>/<stream>` and `…/stream?streams=<stream>/<stream>`.
    public func topics(inAddress address: String) -> String {
        address.split { "/=&?".contains($0) }.filter { $0.contains("@") }.joined(separator: " ")
    }
}
