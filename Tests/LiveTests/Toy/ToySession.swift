import Exchanges
import MarketModel

extension Toy {
    var session: SessionRules {
        SessionRules(
            pace: .init(burst: 10, interval: UnixTime.millisecond),
            recovery: isSeeded ? .seed : .resubscribe,
            requestSize: 1,
            greetings: wantsSigns ? [#"{"do":"signs"}"#] : []
        )
    }

    func channels(of market: Market) -> [FeedChannel] {
        [
            FeedChannel("book", .book, path: isDivided ? "/books" : nil),
            FeedChannel("trades", .trades, path: isDivided ? "/rest" : nil),
        ]
    }

    func request(_ operation: SubscriptionOperation, _ topics: [Subscription], market: Market) -> String {
        #"{"do":"\#(operation.rawValue)","topic":"\#(topics.map { name(of: $0) }.joined())"}"#
    }

    func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let members = object(in: text)
        guard let topic = members["done"] as? String else { return nil }
        var reply = SubscriptionReply(isAccepted: members["refused"] == nil)
        reply.reason = members["refused"] as? String ?? ""
        reply.names = [.init(kinds: nil, text: topic)]
        return reply
    }

    func announcesClose(_ text: RawSpan) -> Bool { object(in: text)["closing"] != nil }

    func answer(to text: RawSpan) -> String? {
        givesSigns && object(in: text)["alive"] as? String == "?" ? #"{"do":"sign"}"# : nil
    }

    func name(of topic: Subscription) -> String {
        "\(topic.kinds == .book ? "book" : "trades"):\(topic.symbol)"
    }

    func symbols(subscribedBy request: ClientRequest) -> [String] {
        request.text("do") == "subscribe" ? request.texts("topic").compactMap { symbol(ofTopic: $0) } : []
    }

    func symbol(ofTopic topic: String) -> String? { topic.split(separator: ":").last.map(String.init) }
}

/// The venue offers no definitions.
struct ToyDefinitions: DefinitionRules {
    var isSeeded = false

    func restEndpoint(of market: Market) -> String? { isSeeded ? "https://toy.invalid" : nil }

    func entry(_ definition: InstrumentDefinition, market: Market) -> String { "{}" }
    func list(_ entries: [String], next: String?, market: Market) -> String { "{}" }
}
