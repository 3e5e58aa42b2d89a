public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Hyperliquid {
    public var session: SessionRules {
        SessionRules(
            // 2,000 messages a minute and address, pings included.
            pace: .init(burst: 20, interval: 40 * UnixTime.millisecond),
            namesDepth: true,
            recovery: .wait,
            requestSize: 1,
            topicLimit: 1_000,
            closesOnRefusal: true,
            ping: (#"{"method":"ping"}"#, 30 * UnixTime.second)
        )
    }

    static let usualDepth = 20
    /// The depth of books that are asked for as `fast`.
    static let fastDepth = 5
    /// Whole books come every five to six seconds.
    private static let bookCadence = 12 * UnixTime.second
    static let channels = [
        FeedChannel("l2Book", .book, usualDepth: usualDepth, cadence: bookCadence),
        FeedChannel("trades", .trades),
        FeedChannel("activeAssetCtx", [.fundingRates, .openInterest]),
    ]

    /// Pairs have neither funding nor interest.
    public func channels(of market: Market) -> [FeedChannel] {
        market == .spot ? Array(Self.channels.prefix(2)) : Self.channels
    }

    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        #"{"method":"\#(operation.rawValue)","subscription":"#
            + topics.prefix(1).map { HyperliquidTopic($0).text }.joined() + "}"
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        guard request.text("method") == "subscribe" else { return [] }
        return request.object("subscription")?.texts("coin") ?? []
    }

    /// An error repeats what was asked behind its reason.
    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        guard let channel = root.member("channel", in: text), let data = root.member("data", in: text) else {
            return nil
        }
        if channel.isString("error", in: text) {
            var reply = SubscriptionReply(isAccepted: false)
            reply.reason = data.shortText(in: text) ?? ""
            let asked = Array(reply.reason.utf8.drop { $0 != 0x7b })
            let topic = ClientRequest(asked.span.bytes).map { HyperliquidTopic($0) }
            reply.names = topic.map { [.init(kinds: $0.kinds, text: $0.coin)] } ?? []
            return reply
        }
        guard channel.isString("subscriptionResponse", in: text), let (topic, change) = Self.ack(data, text)
        else { return nil }
        var reply = SubscriptionReply(isAccepted: true)
        reply.ends = change == .unsubscribed
        reply.names = [.init(kinds: topic.kinds, text: topic.coin)]
        return reply
    }

    /// What an ack confirms: `{"method":"subscribe","subscription":{"type":"trades","coin":"BTC"}}`.
    static func ack(
        _ data: JSONValue,
        _ text: RawSpan
    ) -> (topic: HyperliquidTopic, change: FeedStatus.Change)? {
        guard let method = data.member("method", in: text),
            let subscription = data.member("subscription", in: text),
            let topic = ClientRequest(text.extracting(subscription.start..<subscription.end))
        else { return nil }
        if method.isString("subscribe", in: text) { return (HyperliquidTopic(topic), .live) }
        return method.isString("unsubscribe", in: text) ? (HyperliquidTopic(topic), .unsubscribed) : nil
    }
}
