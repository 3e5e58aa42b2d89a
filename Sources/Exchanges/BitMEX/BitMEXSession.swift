public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension BitMEX {
    public var session: SessionRules {
        SessionRules(
            // 720 requests an hour.
            pace: .init(burst: 10, interval: 5 * UnixTime.second),
            answersTopics: true,
            requestSize: 10,
            mixesChannels: true,
            // The venue wants one after five silent seconds.
            ping: ("ping", 5 * UnixTime.second)
        )
    }

    static let channels = [BitMEXTable.book, .trades, .liquidations, .instruments].map {
        FeedChannel($0.rawValue, $0.kinds)
    }

    /// Pairs have neither forced orders nor funding nor interest.
    public func channels(of market: Market) -> [FeedChannel] {
        market == .spot ? Array(Self.channels.prefix(2)) : Self.channels
    }

    public func name(of topic: Subscription) -> String {
        "\(Self.channels.first { $0.kinds == topic.kinds }?.name ?? ""):\(topic.symbol)"
    }

    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        #"{"op":"\#(operation.rawValue)","args":\#(topics.map { name(of: $0) }.jsonList)}"#
    }

    /// None where a topic is of all symbols.
    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        guard request.text("op") == "subscribe" else { return [] }
        let topics = request.texts("args").map { $0.split(separator: ":", maxSplits: 1) }
        return topics.allSatisfy { $0.count == 2 } ? topics.map { String($0[1]) } : []
    }

    /// `orderBookL2:XBTUSD`, or the symbol alone.
    public func symbol(ofTopic topic: String) -> String? {
        let parts = topic.split(separator: ":", maxSplits: 1)
        if parts.count == 2 { return String(parts[1]) }
        return BitMEXTable(rawValue: topic) == nil ? topic : nil
    }

    /// Those of `?subscribe=trade:XBTUSD,orderBookL2:XBTUSD`.
    public func topics(inAddress address: String) -> String {
        let queries = address.split(separator: "?").dropFirst().joined().split(separator: "&")
        let named = queries.first { $0.hasPrefix("subscribe=") }?.dropFirst("subscribe=".count) ?? ""
        return named.split(separator: ",").joined(separator: " ")
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        if let (isAccepted, operation, topic) = Self.ack(root, text), isAccepted {
            var reply = SubscriptionReply(isAccepted: true)
            reply.ends = operation == .unsubscribe
            reply.names = [.init(kinds: nil, text: topic)]
            return reply
        }
        guard let error = root.member("error", in: text) else { return nil }
        var reply = SubscriptionReply(isAccepted: false)
        reply.reason = error.shortText(in: text) ?? ""
        guard let request = root.member("request", in: text),
            let asked = ClientRequest(text.extracting(request.start..<request.end))
        else { return reply }
        if let operation = SubscriptionOperation(rawValue: asked.text("op") ?? "") {
            reply.ends = operation == .unsubscribe
        }
        // Of several it does not say which it was.
        let topics = asked.texts("args")
        if topics.count == 1 { reply.names = [.init(kinds: nil, text: topics[0])] }
        return reply
    }

    /// What an answer says of a topic: `{"success":true,"subscribe":"trade:XBTUSD","request":{…}}`.
    static func ack(
        _ root: JSONValue,
        _ text: RawSpan
    ) -> (isAccepted: Bool, operation: SubscriptionOperation, topic: String)? {
        guard let success = root.member("success", in: text) else { return nil }
        for (name, operation) in [("subscribe", .subscribe), ("unsubscribe", .unsubscribe)]
            as [(StaticString, SubscriptionOperation)]
        {
            if let topic = root.member(name, in: text)?.shortText(in: text) {
                return (success.isTrue(in: text), operation, topic)
            }
        }
        return nil
    }
}
