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

    static let channels = [
        // Without heartbeats the venue closes quiet channels.
        FeedChannel("heartbeats", []), FeedChannel("level2", .book), FeedChannel("market_trades", .trades),
    ]

    public func channels(of market: Market) -> [FeedChannel] { Self.channels }

    /// One a channel, in the order of the channels.
    public func requestGroups(of topics: [Subscription]) -> [[Int]] {
        Self.channels.map { channel in topics.indices.filter { topics[$0].kinds == channel.kinds } }
            .filter { !$0.isEmpty }
    }

    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        let channel = Self.channels.first { $0.kinds == topics.first?.kinds }?.name ?? ""
        return #"{"type":"\#(operation.rawValue)","product_ids":\#(topics.map(\.symbol).jsonList),"#
            + #""channel":"\#(channel)"}"#
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        guard request.text("type") == "subscribe" else { return [] }
        return request.texts("product_ids") + request.texts("product_id")
    }

    /// Products in USDC are traded in the book of those in USD, and come back by that name.
    public func spellings(of symbol: String) -> [String] {
        symbol.withUpperCase.flatMap { $0.hasSuffix("-USDC") ? [$0, String($0.dropLast())] : [$0] }
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
        _ = Self.readSubscriptions(root, in: text) { kinds, products in
            reply.names += products.shortTexts(in: text).map { .init(kinds: kinds, text: $0) }
        }
        return reply
    }

    /// Calls `body` with the kinds and products of each known channel in a message's list; false if it has none.
    static func readSubscriptions(
        _ root: JSONValue,
        in text: RawSpan,
        _ body: (FeedKinds, JSONValue) -> Void
    ) -> Bool {
        var isList = false
        var events = root.member("events", in: text)?.elements(in: text)
        while let event = events?.next(in: text) {
            guard let channels = event.member("subscriptions", in: text) else { continue }
            isList = true
            var members = channels.members(in: text)
            while let (channel, products) = members.next(in: text) {
                if let kinds = kinds(of: channel, text) { body(kinds, products) }
            }
        }
        return isList
    }

    private static func kinds(of channel: JSONValue, _ text: RawSpan) -> FeedKinds? {
        if channel.isString("l2_data", in: text) { return .book }
        return channels.first { $0.name == channel.string(in: text) }?.kinds
    }
}
