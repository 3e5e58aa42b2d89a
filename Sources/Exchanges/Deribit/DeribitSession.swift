public import MarketModel

// Subscription requests, and the answers to them; the protocol documents the members.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Deribit {
    public var session: SessionRules {
        SessionRules(
            // Ten requests at once, then 3.3 a second.
            pace: .init(burst: 10, interval: 310 * UnixTime.millisecond),
            requestSize: 500,
            mixesChannels: true,
            // The venue closes what is idle for a minute, unless it may ask whether somebody is there.
            greetings: [Self.request("public/set_heartbeat", #"{"interval":30}"#)]
        )
    }

    /// What is free of a login and comes most often.
    static let interval = "100ms"

    private static let tickerCadence = 30 * UnixTime.second

    static let channels = [
        // A book that stands still sends nothing, which of options lasts for minutes; tickers come every few seconds.
        FeedChannel("book", .book, cadence: 120 * UnixTime.second),
        FeedChannel("trades", [.trades, .liquidations]) { isSpot($0) ? nil : $0 },
        FeedChannel("trades", .trades) { isSpot($0) ? $0 : nil },
        FeedChannel("ticker", [.fundingRates, .openInterest], cadence: tickerCadence) {
            $0.hasSuffix("-PERPETUAL") ? $0 : nil
        },
        FeedChannel("ticker", .openInterest, cadence: tickerCadence) {
            $0.hasSuffix("-PERPETUAL") || isSpot($0) ? nil : $0
        },
    ]

    private static func isSpot(_ symbol: String) -> Bool { Deribit().market(ofSymbol: symbol) == .spot }

    /// The kinds that a channel of a symbol carries.
    static func kinds(of channel: String, _ symbol: String) -> FeedKinds {
        channels.first { $0.name == channel && $0.subject(symbol) != nil }?.kinds ?? []
    }

    public func channels(of market: Market) -> [FeedChannel] { Self.channels }

    public func name(of topic: Subscription) -> String {
        let channel = Self.channels.first { $0.kinds == topic.kinds }?.name ?? ""
        return "\(channel).\(topic.symbol).\(Self.interval)"
    }

    public func symbol(ofTopic topic: String) -> String? {
        guard let channel = DeribitChannel(topic), !channel.symbol.isEmpty else {
            return nil
        }
        return String(decoding: Array(topic.utf8)[channel.symbol], as: UTF8.self)
    }

    private static func request(_ method: String, _ parameters: String) -> String {
        #"{"jsonrpc":"2.0","method":"\#(method)","params":\#(parameters)}"#
    }

    public func request(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        market: Market
    ) -> String {
        Self.request(
            "public/\(operation.rawValue)",
            #"{"channels":\#(topics.map { name(of: $0) }.jsonList)}"#
        )
    }

    public func identified(_ request: String, _ id: UInt64) -> String {
        request.withJSONMember(#""id":\#(id)"#)
    }

    /// None where a channel is of all instruments of a kind: then any may come.
    public func symbols(subscribedBy request: ClientRequest) -> [String] {
        guard request.text("method") == "public/subscribe" else { return [] }
        let names = request.texts("channels")
        let isOfAll = names.contains { name in
            DeribitChannel(name).map { $0.kind == .trades && $0.symbol.isEmpty } ?? false
        }
        return isOfAll ? [] : names.compactMap { symbol(ofTopic: $0) }
    }

    /// Whoever asked for heartbeats must answer.
    public func answer(to text: RawSpan) -> String? {
        let root = JSONValue.root(of: text)
        guard root.member("method", in: text)?.isString("heartbeat", in: text) == true,
            root.member("params", in: text)?.member("type", in: text)?.isString("test_request", in: text)
                == true
        else { return nil }
        return identified(Self.request("public/test", "{}"), 0)
    }

    /// A list of channels, or an error; the id 0 is that of answers to heartbeats.
    public func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply? {
        let root = JSONValue.root(of: text)
        let id = root.member("id", in: text)?.identifier(in: text)
        if let error = root.member("error", in: text), error.kind(in: text) == .object, id != "0" {
            var reply = SubscriptionReply(isAccepted: false)
            let words = ["message", "data"].compactMap { error.member($0, in: text) }.map { value in
                text.extracting(value.start..<value.end).withUnsafeBytes {
                    String(decoding: $0, as: UTF8.self)
                }
            }
            // As in `too_many_requests`.
            reply.reason = String(words.joined(separator: " ").prefix(400).map { $0 == "_" ? " " : $0 })
            reply.id = id
            return reply
        }
        guard let result = root.member("result", in: text), result.kind(in: text) == .array else {
            return nil
        }
        var reply = SubscriptionReply(isAccepted: true)
        (reply.id, reply.namesAllGranted) = (id, true)
        reply.names = result.shortTexts(in: text).map { .init(kinds: nil, text: $0) }
        var entries = result.elements(in: text)
        // Other lists are of objects.
        return reply.names.isEmpty && entries.next(in: text) != nil ? nil : reply
    }
}
