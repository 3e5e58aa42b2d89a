public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Bitfinex {
    public var session: SessionRules {
        SessionRules(
            // The venue states no number for requests; it takes twenty connections a minute.
            pace: .init(burst: 5, interval: 100 * UnixTime.millisecond),
            answersTopics: true,
            namesDepth: true,
            requestSize: 1,
            topicLimit: 30,
            // It closes only after it said so.
            lifetime: .max,
            greetings: [Self.greeting]
        )
    }

    /// Times (32768), numbers (65536) and checksums (131072).
    static let flags = 32_768 + 65_536 + 131_072
    static let greeting = #"{"event":"conf","flags":\#(flags)}"#
    /// Changes of books come several in a message; not asked for, but others may have.
    static let bulkFlag: Int64 = 536_870_912
    /// What a message of the venue says: it restarts, and maintenance is over.
    static let restarts: Int64 = 20_051
    static let maintenanceEnded: Int64 = 20_061

    /// The keys of statuses: of a symbol, and of all.
    static let derivative = "deriv:"
    static let liquidations = "liq:global"
    /// What liquidations are of.
    static let all = "global"
    /// A channel is silent for 15 seconds, then it says that it is alive.
    private static let cadence = 20 * UnixTime.second
    static let channels = [
        FeedChannel("book", .book, usualDepth: 250, cadence: cadence),
        FeedChannel("trades", .trades, cadence: cadence),
        FeedChannel("deriv", [.fundingRates, .openInterest], cadence: cadence) { symbol in
            Bitfinex().market(ofSymbol: symbol) == .linear ? symbol : nil
        },
        // One topic of all symbols: margin positions of spot pairs are liquidated too.
        FeedChannel("liq", .liquidations) { _ in Bitfinex.all },
    ]

    public func channels(of market: Market) -> [FeedChannel] { Self.channels }

    /// What a request says of a topic.
    static func members(of topic: Subscription) -> String {
        let symbol = topic.symbol.jsonLiteral
        return switch topic.kinds {
        case .book:
            #""channel":"book","symbol":\#(symbol),"prec":"P0","freq":"F0","len":"\#(topic.depth ?? 250)""#
        case .trades: #""channel":"trades","symbol":\#(symbol)"#
        case .liquidations: #""channel":"status","key":"\#(liquidations)""#
        default: #""channel":"status","key":\#((derivative + topic.symbol).jsonLiteral)"#
        }
    }

    /// Topics are ended by the number that their ack gave them.
    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        guard operation == .subscribe, let topic = topics.first else {
            return #"{"event":"unsubscribe","chanId":\#(topics.first?.handle ?? "0")}"#
        }
        return #"{"event":"subscribe",\#(Self.members(of: topic))}"#
    }

    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        guard request.text("event") == "subscribe" else { return [] }
        if let symbol = request.text("symbol") { return [symbol] }
        guard let key = request.text("key"), key.hasPrefix(Self.derivative) else { return [] }
        return [String(key.dropFirst(Self.derivative.count))]
    }

    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        let event = root.text("event", in: text)
        let channel = BitfinexChannel(root, in: text)
        let topic = channel.topic
        let names =
            topic.kinds.isEmpty ? [] : [SubscriptionReply.Name(kinds: topic.kinds, text: topic.symbol)]
        switch event {
        case "subscribed":
            guard !names.isEmpty, let number = channel.number else { return nil }
            var reply = SubscriptionReply(isAccepted: true)
            (reply.ends, reply.names, reply.handle) = (false, names, "\(number)")
            return reply
        case "unsubscribed":
            var reply = SubscriptionReply(isAccepted: root.text("status", in: text) == "OK")
            reply.ends = true
            return reply
        case "error":
            var reply = SubscriptionReply(isAccepted: false)
            (reply.reason, reply.names) = (root.text("msg", in: text), names)
            switch root.member("code", in: text)?.number(in: text) {
            case 10_301: reply.reason = "already subscribed (\(reply.reason))"
            case 10_400, 10_401: reply.ends = true
            default: break
            }
            return reply
        default: return nil
        }
    }

    public func announcesClose(_ text: RawSpan) -> Bool {
        let root = JSONValue.root(of: text)
        return root.text("event", in: text) == "info"
            && root.member("code", in: text)?.number(in: text) == Self.restarts
    }
}
