import MarketModel

/// How Bybit takes requests, and what its frames are about.
struct BybitServer: ServerRules {
    let market: Market
    private static let connection = "fake"
    private var isSpot: Bool { market == .spot }
    private var encoder: BybitEncoder { BybitEncoder(market: market) }

    init(market: Market) { self.market = market }

    func topic(of frame: RawSpan) -> FrameTopic {
        FrameTopic.value(#""topic":""#, in: FrameTopic.head(of: frame)).map {
            .named(channel: $0, symbol: nil)
        } ?? .answer
    }

    func bookDepth(in frame: RawSpan) -> Int? {
        FrameTopic.number(#""topic":"orderbook."#, in: FrameTopic.head(of: frame))
    }

    func makeTickers() -> (any ServedTickers)? { isSpot ? nil : BybitServedTickers() }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let word = request.text("op") ?? ""
        if word == "ping" { return ServedAnswer([pong]) }
        guard let operation = SubscriptionOperation(rawValue: word) else {
            return ServedAnswer([refusal("error:handler not found", "")])
        }
        let topics = request.texts("args")
        if isSpot, topics.count > Bybit.argumentsPerRequest {
            return ServedAnswer([refusal("args size >10", "subscribe")])
        }
        let id = request.text("req_id") ?? ""
        // One topic that is none refuses the request whole.
        if let wrong = topics.first(where: { !isTopic($0, offer) }) {
            return ServedAnswer([refusal("error:handler not found,topic:\(wrong)", word, id: id)])
        }
        var answer = Acknowledgement(topics: [], connection: Self.connection, requestTime: time, time: time)
        (answer.operation, answer.id, answer.isTimed) = (operation, id, true)
        let text = encoder.text { $0.append(answer, to: &$1) }
        return ServedAnswer([text], topics.map(Self.served), operation)
    }

    private var pong: String {
        encoder.text { $0.append(SignOfLife(connection: Self.connection, now: 0, time: 0), to: &$1) }
    }

    private func refusal(_ reason: String, _ operation: String, id: String? = nil) -> String {
        let id = id.map { #""req_id":\#($0.jsonLiteral),"# } ?? ""
        return #"{"success":false,"ret_msg":\#(reason.jsonLiteral),"conn_id":"\#(Self.connection)","#
            + #"\#(id)"op":"\#(operation)"}"#
    }

    private static func served(_ topic: String) -> ServedTopic {
        let parts = topic.split(separator: ".", maxSplits: 2)
        if parts.count == 3, parts[0] == "orderbook", let depth = UInt32(parts[1]) {
            return ServedTopic(topic, state: .book(symbol: String(parts[2]), depth: depth))
        }
        guard topic.hasPrefix("tickers.") else { return ServedTopic(topic) }
        return ServedTopic(topic, state: .ticker(symbol: String(topic.dropFirst(8))))
    }

    /// Whether a topic is one of the venue's, of a symbol that is offered and of a depth that is served.
    private func isTopic(_ topic: String, _ offer: ServedOffer) -> Bool {
        let parts = topic.split(separator: ".", omittingEmptySubsequences: false)
        guard let symbol = parts.last, offer.has(symbol) else { return false }
        switch (parts.first ?? "", parts.count) {
        case ("orderbook", 3): return Int(parts[1]).map { offer.has(depth: $0) } ?? false
        case ("publicTrade", 2), ("tickers", 2): return true
        case ("allLiquidation", 2): return !isSpot
        default: return false
        }
    }
}
