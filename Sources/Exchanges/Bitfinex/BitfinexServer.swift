import MarketModel

/// How Bitfinex takes requests, and what its frames are about.
struct BitfinexServer: ServerRules {
    /// Frames begin with the number of their channel.
    func topic(of frame: RawSpan) -> FrameTopic {
        guard JSONValidator.isValid(frame) else { return .answer }
        var elements = JSONValue.root(of: frame).elements(in: frame)
        guard let number = elements.next(in: frame) else { return .answer }
        return .named(channel: number.start..<number.end, symbol: nil)
    }

    /// The ack says it.
    func bookDepth(in frame: RawSpan) -> Int? {
        guard FrameTopic.end(of: #""event":"subscribed""#, in: FrameTopic.head(of: frame)) != nil,
            JSONValidator.isValid(frame)
        else { return nil }
        let channel = BitfinexChannel(.root(of: frame), in: frame)
        return channel.kind == .book ? Int(channel.depth) : nil
    }

    /// It stands behind what the message holds.
    func messageNumber(in frame: RawSpan) -> MessageNumber? {
        guard JSONValidator.isValid(frame) else { return nil }
        var elements = JSONValue.root(of: frame).elements(in: frame)
        guard elements.next(in: frame) != nil, let second = elements.next(in: frame) else { return nil }
        if second.kind(in: frame) == .string, !second.isString("hb", in: frame) {
            _ = elements.next(in: frame)
        }
        guard let value = elements.next(in: frame), let number = value.number(in: frame),
            Bitfinex.time(ofNumber: number) == nil
        else { return nil }
        return MessageNumber(number, at: value.start..<value.end)
    }

    func makeNumbers() -> (any ServedNumbers)? { BitfinexNumbers() }

    func closingNotice(at time: Int64) -> String? {
        #"{"event":"info","code":\#(Bitfinex.restarts),"msg":"Stopping. Please try to reconnect"}"#
    }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        var grant = Acknowledgement(topics: [], connection: "", requestTime: time, time: time)
        switch request.text("event") {
        case "conf": return ServedAnswer([BitfinexEncoder().text(of: grant)])
        case "ping":
            var sign = SignOfLife(connection: "", now: time, time: time)
            sign.count = Int64(request.number("cid") ?? 0)
            return ServedAnswer([BitfinexEncoder().text(of: sign)])
        case "unsubscribe":
            let number = request.number("chanId") ?? 0
            let answer = #"{"event":"unsubscribed","status":"OK","chanId":\#(number)}"#
            return ServedAnswer([answer], [ServedTopic("\(number)")], .unsubscribe)
        case "subscribe": break
        default: return ServedAnswer([#"{"event":"error","msg":"unknown event","code":10000}"#])
        }
        guard let topic = topic(of: request, offer) else {
            let members = ["channel", "symbol", "key"].compactMap { name in
                request.text(name).map { #","\#(name)":\#($0.jsonLiteral)"# }
            }
            return ServedAnswer([
                #"{"event":"error","msg":"symbol: invalid","code":10300\#(members.joined())}"#
            ])
        }
        (grant.topics, grant.isTimed) = ([topic], true)
        let depth = topic.depth.flatMap { UInt32(exactly: $0) }
        let state = depth.map { ServedTopic.State.book(symbol: topic.symbol, depth: $0) } ?? .none
        let served = ServedTopic("\(BitfinexNumbers.number(of: topic))", state: state)
        return ServedAnswer([BitfinexEncoder().text(of: grant)], [served], .subscribe)
    }

    /// The topic that a request asks for; nil if it is none that is offered.
    private func topic(of request: ClientRequest, _ offer: ServedOffer) -> Subscription? {
        let topic = request.read { BitfinexChannel($0, in: $1).topic }
        guard !topic.kinds.isEmpty else { return nil }
        if topic.kinds == .liquidations { return offer.symbols?.isEmpty == true ? nil : topic }
        let hasDepth = topic.depth.map { Bitfinex().depths.contains($0) && offer.has(depth: $0) } ?? true
        return offer.has(topic.symbol) && hasDepth ? topic : nil
    }
}
