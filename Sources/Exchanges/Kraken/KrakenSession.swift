public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Kraken {
    public var session: SessionRules {
        SessionRules(
            // The venue states no number; peers were refused above some twenty a second.
            pace: .init(burst: 5, interval: 200 * UnixTime.millisecond),
            answersTopics: true,
            // Answers come one a symbol, in one burst.
            requestSize: 100,
            numbersTrades: true,
            ping: (#"{"method":"ping"}"#, 30 * UnixTime.second)
        )
    }

    static let usualDepth = 10
    static let channels = [
        FeedChannel("book", .book, usualDepth: usualDepth), FeedChannel("trade", .trades),
    ]

    public func channels(of market: Market) -> [FeedChannel] { Self.channels }

    /// One for all symbols of a channel and depth.
    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        Self.request(operation, topics, hasSnapshot: topics.first?.kinds == .book)
    }

    /// A request; the venue sends the last trades where a snapshot is asked for.
    static func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        hasSnapshot: Bool
    ) -> String {
        let feed = topics.first
        let channel = channels.first { $0.kinds == feed?.kinds }
        let depth = channel?.usualDepth.map { #""depth":\#(feed?.depth ?? $0),"# } ?? ""
        return #"{"method":"\#(operation.rawValue)","params":{"channel":"\#(channel?.name ?? "")","#
            + #""symbol":\#(topics.map(\.symbol).jsonList),\#(depth)"snapshot":\#(hasSnapshot)}}"#
    }

    public func identified(_ request: String, _ id: UInt64) -> String {
        request.withJSONMember(#""req_id":\#(id)"#)
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        request.text("method") == "subscribe" ? request.texts("symbol") : []
    }

    public func spellings(of symbol: String) -> [String] { symbol.withUpperCase }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        guard var reply = SubscriptionReply(root, in: text, operation: "method", reason: "error") else {
            return nil
        }
        let result = root.member("result", in: text)
        let channel = result?.member("channel", in: text)
        let kinds = channel.map { channel in
            Self.channels.first { $0.name == channel.string(in: text) }?.kinds ?? []
        }
        if let symbol = result?.member("symbol", in: text) ?? root.member("symbol", in: text) {
            let symbols = symbol.shortText(in: text).map { [$0] } ?? symbol.shortTexts(in: text)
            reply.names = symbols.map { .init(kinds: kinds, text: $0) }
        }
        return reply
    }
}
