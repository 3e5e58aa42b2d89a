public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension OKX {
    public var session: SessionRules {
        SessionRules(
            // 480 operations an hour and connection, three connections a second and address.
            pace: .init(burst: 3, interval: 400 * UnixTime.millisecond),
            answersTopics: true,
            namesDepth: true,
            requestSize: 100,
            mixesChannels: true,
            // The venue takes 64 KB of arguments.
            requestLimit: 64 << 10,
            hasTwoTradeForms: true,
            // It closes only after it said so.
            lifetime: .max,
            // After 30 s without a message the venue closes.
            ping: ("ping", 20 * UnixTime.second)
        )
    }

    static let hour = 3_600 * UnixTime.second
    static let channels = [
        FeedChannel("books", .book, usualDepth: Int(wholeDepth)), FeedChannel("trades", .trades),
        FeedChannel("liquidation-orders", .liquidations) { symbol in
            OKXInstrumentType(ofSymbol: symbol).word
        },
        // Told every 30 to 90 seconds.
        FeedChannel("funding-rate", .fundingRates, cadence: 95 * UnixTime.second) { symbol in
            OKXInstrumentType(ofSymbol: symbol) == .swap ? symbol : nil
        },
        FeedChannel("open-interest", .openInterest),
    ]

    public func channels(of market: Market) -> [FeedChannel] {
        market == .spot ? Array(Self.channels.prefix(2)) : Self.channels
    }

    /// The channel of a topic; books have one for each depth.
    static func channel(of topic: Subscription) -> String {
        guard topic.kinds == .book else { return channels.first { $0.kinds == topic.kinds }?.name ?? "" }
        return switch topic.depth {
        case 1: "bbo-tbt"
        case 5: "books5"
        default: "books"
        }
    }

    /// The argument of a request: the channel, and the symbol or the type of instruments that it is of.
    static func argument(of topic: Subscription) -> String {
        let subject = topic.kinds == .liquidations ? "instType" : "instId"
        return #"{"channel":"\#(channel(of: topic))","\#(subject)":\#(topic.symbol.jsonLiteral)}"#
    }

    public func name(of topic: Subscription) -> String { "\(Self.channel(of: topic)):\(topic.symbol)" }

    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        let arguments = topics.map { Self.argument(of: $0) }.joined(separator: ",")
        return #"{"op":"\#(operation.rawValue)","args":[\#(arguments)]}"#
    }

    public func identified(_ request: String, _ id: UInt64) -> String {
        request.withJSONMember(#""id":"\#(id)""#)
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        guard let event = root.member("event", in: text)?.shortText(in: text) else { return nil }
        let operation = SubscriptionOperation(rawValue: event)
        guard operation != nil || event == "error" else { return nil }
        var reply = SubscriptionReply(isAccepted: operation != nil)
        reply.ends = operation.map { $0 == .unsubscribe }
        reply.id = root.member("id", in: text)?.identifier(in: text)
        if let argument = root.member("arg", in: text) {
            let subject = argument.member("instId", in: text) ?? argument.member("instType", in: text)
            reply.names = [Self.name(argument.text("channel", in: text), subject?.shortText(in: text) ?? "")]
        }
        guard operation == nil else { return reply }
        reply.reason = root.member("msg", in: text)?.shortText(in: text) ?? ""
        reply.names = Self.names(inReason: reply.reason)
        return reply
    }

    private static func name(_ channel: String, _ subject: String) -> SubscriptionReply.Name {
        .init(kinds: nil, text: "\(channel):\(subject)")
    }

    /// The topic that a refusal names, as in `channel:books,instId:BTC-USDT doesn't exist`.
    private static func names(inReason reason: String) -> [SubscriptionReply.Name] {
        let words = reason.split { " ,.".contains($0) }.map { $0.split(separator: ":").map(String.init) }
        let values = { (name: String) in words.first { $0.count == 2 && $0[0] == name }?[1] }
        guard let channel = values("channel"), let subject = values("instId") ?? values("instType") else {
            return []
        }
        return [name(channel, subject)]
    }

    /// A notice says that the venue is about to be upgraded.
    public func announcesClose(_ text: RawSpan) -> Bool {
        let root = JSONValue.root(of: text)
        return root.member("event", in: text)?.isString("notice", in: text) == true
            && root.member("code", in: text)?.isString("64008", in: text) == true
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        guard request.text("op") == "subscribe" else { return [] }
        return request.objects("args").compactMap { $0.text("instId") }
    }

    public func spellings(of symbol: String) -> [String] { symbol.withUpperCase }
}
