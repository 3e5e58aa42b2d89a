public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension KrakenFutures {
    public var session: SessionRules {
        SessionRules(
            // The venue states no number for requests; it wants at most a hundred connections.
            pace: .init(burst: 5, interval: 200 * UnixTime.millisecond),
            answersTopics: true,
            // Answers come one a product, in one burst.
            requestSize: 100
        )
    }

    static let channels = [
        FeedChannel("book", .book), FeedChannel("trade", [.trades, .liquidations]),
        FeedChannel("ticker", [.fundingRates, .openInterest]),
    ]

    public func channels(of market: Market) -> [FeedChannel] { Self.channels }

    /// One for all products of a feed.
    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        let feed = Self.channels.first { $0.kinds == topics.first?.kinds }?.name ?? ""
        return #"{"event":"\#(operation.rawValue)","feed":"\#(feed)","#
            + #""product_ids":\#(topics.map(\.symbol).jsonList)}"#
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        request.text("event") == "subscribe" ? request.texts("product_ids") : []
    }

    public func spellings(of symbol: String) -> [String] { symbol.withUpperCase }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        guard let event = root.member("event", in: text)?.shortText(in: text) else { return nil }
        switch event {
        case "subscribed", "unsubscribed":
            var reply = SubscriptionReply(isAccepted: true)
            reply.ends = event == "unsubscribed"
            let kinds = Self.kinds(of: root.member("feed", in: text), text)
            let products = root.member("product_ids", in: text)?.shortTexts(in: text) ?? []
            reply.names = products.map { .init(kinds: kinds, text: $0) }
            return reply
        case "error", "alert", "subscribed_failed", "unsubscribed_failed":
            var reply = SubscriptionReply(isAccepted: false)
            reply.reason = root.member("message", in: text)?.shortText(in: text) ?? ""
            let products = root.member("product_ids", in: text)?.shortTexts(in: text) ?? []
            let kinds = Self.kinds(of: root.member("feed", in: text), text)
            reply.names = products.map { .init(kinds: kinds, text: $0) }
            return reply
        default: return nil
        }
    }

    /// The kinds of a feed; none of one that carries nothing that is read.
    static func kinds(of feed: JSONValue?, _ text: RawSpan) -> FeedKinds {
        channels.first { $0.name == feed?.string(in: text) }?.kinds ?? []
    }
}
