import MarketModel

/// How Kraken takes requests, and what its frames are about.
struct KrakenServer: ServerRules {
    private static let definitions = ServedTopic("instrument", state: .definitions)

    func topic(of frame: RawSpan) -> FrameTopic {
        let head = FrameTopic.head(of: frame)
        if FrameTopic.value(#""method":""#, in: head) != nil { return .answer }
        let channel = FrameTopic.value(#""channel":""#, in: head)
        guard FrameTopic.end(of: #""channel":"instrument""#, in: head) != nil else {
            return .pair(channel, FrameTopic.value(#""symbol":""#, in: head))
        }
        // It lists symbols and is of none.
        return channel.map { .named(channel: $0, symbol: nil) } ?? .general
    }

    /// The ack says it.
    func bookDepth(in frame: RawSpan) -> Int? {
        let head = FrameTopic.head(of: frame)
        guard FrameTopic.end(of: #""method":"subscribe""#, in: head) != nil else { return nil }
        return FrameTopic.number(#""depth":"#, in: head)
    }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let method = request.text("method") ?? ""
        if method == "ping" { return ServedAnswer([#"{"method":"pong"}"#]) }
        guard let operation = SubscriptionOperation(rawValue: method), let channel = request.text("channel")
        else {
            return ServedAnswer([#"{"error":"Unsupported method","method":"\#(method)","success":false}"#])
        }
        if channel == "instrument" {
            return ServedAnswer([grant(operation, [], id: "", at: time)], [Self.definitions], operation)
        }
        let id = request.number("req_id").map { "\($0)" } ?? ""
        let known = Kraken.channels.first { $0.name == channel }
        let depth = known?.usualDepth.map { request.number("depth") ?? $0 }
        var answer = ServedAnswer([], [], operation)
        for symbol in request.list("symbol") {
            if let reason = refusal(of: symbol, channel, known, depth, offer) {
                answer.frames.append(KrakenEncoder().refusal(operation, of: symbol, reason, id: id, at: time))
                continue
            }
            let topic = Subscription(known?.kinds ?? [], symbol: symbol, depth: depth)
            answer.frames.append(grant(operation, [topic], id: id, at: time))
            let state = depth == nil ? ServedTopic.State.none : .book(symbol: symbol, depth: nil)
            answer.topics.append(ServedTopic(channel, symbol: symbol, state: state))
        }
        return answer
    }

    private func grant(
        _ operation: SubscriptionOperation,
        _ topics: [Subscription],
        id: String,
        at time: Int64
    ) -> String {
        var answer = Acknowledgement(topics: topics, connection: "", requestTime: time, time: time)
        (answer.operation, answer.id) = (operation, id)
        return KrakenEncoder().text(of: answer)
    }

    /// Why a symbol of a request is refused; nil if it is not.
    private func refusal(
        of symbol: String,
        _ name: String,
        _ channel: FeedChannel?,
        _ depth: Int?,
        _ offer: ServedOffer
    ) -> String? {
        guard channel != nil else { return "Channel not supported \(name)" }
        guard offer.has(symbol) else { return "Currency pair not supported \(symbol)" }
        return depth.map(offer.has(depth:)) == false ? "Subscription depth not supported" : nil
    }
}
