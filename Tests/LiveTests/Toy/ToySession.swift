import Exchanges
import MarketModel

extension Toy {
    var session: SessionRules {
        SessionRules(pace: .init(burst: 10, interval: UnixTime.millisecond))
    }

    func topics(of subscription: Subscription, market: Market) -> [Subscription] {
        [FeedKinds.book, .trades].filter { subscription.kinds.contains($0) }
            .map { Subscription($0, symbol: subscription.symbol) }
    }

    func requests(
        _ operation: SubscriptionOperation,
        topics: [Subscription],
        market: Market
    ) -> [SubscriptionRequest] {
        topics.indices.map { index in
            let text = #"{"do":"\#(operation.rawValue)","topic":"\#(name(of: topics[index]))"}"#
            return SubscriptionRequest([index], text)
        }
    }

    func identified(_ request: String, _ id: UInt64) -> String { request }

    func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let members = object(in: text)
        guard let topic = members["done"] as? String else { return nil }
        var reply = SubscriptionReply(isAccepted: members["refused"] == nil)
        reply.reason = members["refused"] as? String ?? ""
        reply.names = [.init(kinds: nil, text: topic)]
        return reply
    }

    func name(of topic: Subscription) -> String {
        "\(topic.kinds == .book ? "book" : "trades"):\(topic.symbol)"
    }

    func key(of symbol: String) -> String { symbol }

    func symbols(subscribedBy request: RawSpan) -> [[UInt8]] {
        let members = object(in: request)
        guard members["do"] as? String == "subscribe", let topic = members["topic"] as? String else {
            return []
        }
        return symbol(ofTopic: Array(topic.utf8)).map { [$0] } ?? []
    }

    func symbol(ofTopic topic: [UInt8]) -> [UInt8]? {
        topic.firstIndex(of: 0x3a).map { Array(topic[($0 + 1)...]) } ?? topic
    }
}

/// Nothing is told of what the venue offers.
struct ToyDefinitions: DefinitionRules {
    var restEndpoint: String? { nil }
    func queries(of market: Market) -> [String] { [] }
    func readPage(_ reply: RawSpan) throws(DefinitionFault) -> DefinitionPage? { nil }
    func entry(_ definition: InstrumentDefinition, market: Market) -> String { "{}" }
    func list(_ entries: [String], next: String?, market: Market) -> String { "{}" }
}
