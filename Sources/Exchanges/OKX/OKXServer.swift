import MarketModel

/// How OKX takes requests, and what its frames are about.
struct OKXServer: ServerRules {
    private static let connection = "a4d3ae55"

    func topic(of frame: RawSpan) -> FrameTopic {
        let head = FrameTopic.head(of: frame)
        guard FrameTopic.end(of: #""event":""#, in: head) == nil, frame.byteCount > 4 else { return .answer }
        // Forced orders name instruments too, but are of a whole type.
        let isOfType = FrameTopic.end(of: #""channel":"liquidation-orders""#, in: head) != nil
        return .pair(
            FrameTopic.value(#""channel":""#, in: head),
            FrameTopic.value(isOfType ? #""instType":""# : #""instId":""#, in: head)
        )
    }

    func bookDepth(in frame: RawSpan) -> Int? {
        let head = FrameTopic.head(of: frame)
        guard let start = FrameTopic.end(of: #""channel":""#, in: head) else { return nil }
        let depth = frame.withUnsafeBytes { bytes in
            var cursor = FastCursor(bytes, at: start)
            return OKXChannel(&cursor)?.depth
        }
        return depth.map { Int($0) }
    }

    func answer(toText text: String) -> String? { text == "ping" ? "pong" : nil }

    func closingNotice(at time: Int64) -> String? {
        #"{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. "#
            + #"Please reconnect.","connId":"\#(Self.connection)"}"#
    }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let id = request.text("id") ?? ""
        let arguments = request.objects("args")
        guard let operation = SubscriptionOperation(rawValue: request.text("op") ?? ""), !arguments.isEmpty
        else { return ServedAnswer([refusal("Invalid request", "60012", id)]) }
        var answer = ServedAnswer([], [], operation)
        for argument in arguments {
            let channel = argument.text("channel") ?? ""
            let key = argument.text("instId") == nil ? "instType" : "instId"
            let subject = argument.text("instId") ?? argument.text("instType") ?? ""
            guard let topic = topic(channel, subject, isOfType: key == "instType", offer) else {
                let reason = "Wrong URL or channel:\(channel),\(key):\(subject) doesn't exist. "
                answer.frames.append(refusal(reason + "Please use the correct URL.", "60018", id))
                continue
            }
            var grant = Acknowledgement(
                topics: [topic],
                connection: Self.connection,
                requestTime: time,
                time: time
            )
            (grant.operation, grant.id, grant.isTimed) = (operation, id, true)
            answer.frames.append(OKXEncoder().text(of: grant))
            answer.topics.append(ServedTopic(channel, symbol: subject, state: state(of: topic)))
        }
        return answer
    }

    /// A topic of the venue's, of what is offered and of a depth that is served; nil if it is none.
    private func topic(
        _ channel: String,
        _ subject: String,
        isOfType: Bool,
        _ offer: ServedOffer
    ) -> Subscription? {
        if isOfType {
            let isOffered =
                offer.symbols?.contains { OKXInstrumentType(ofSymbol: $0).word == subject } ?? true
            let topic = Subscription(.liquidations, symbol: subject)
            return isOffered && OKX.channel(of: topic) == channel ? topic : nil
        }
        guard offer.has(subject) else { return nil }
        let books = OKX().depths.map { Subscription(.book, symbol: subject, depth: $0) }
        let others = OKX.channels.filter { $0.usualDepth == nil && $0.subject(subject) == subject }
        let topics = books + others.map { Subscription($0.kinds, symbol: subject) }
        guard let topic = topics.first(where: { OKX.channel(of: $0) == channel }),
            topic.depth.map(offer.has(depth:)) != false
        else { return nil }
        return topic
    }

    /// Whoever subscribes to forced orders gets a list of earlier ones first, here an empty one.
    private func state(of topic: Subscription) -> ServedTopic.State {
        if topic.kinds == .liquidations { return .text(#"{"arg":\#(OKX.argument(of: topic)),"data":[]}"#) }
        guard let depth = topic.depth.flatMap({ UInt32(exactly: $0) }) else { return .none }
        return .book(symbol: topic.symbol, depth: depth)
    }

    private func refusal(_ reason: String, _ code: String, _ id: String) -> String {
        let id = id.isEmpty ? "" : #""id":\#(id.jsonLiteral),"#
        return #"{\#(id)"event":"error","msg":\#(reason.jsonLiteral),"code":"\#(code)","#
            + #""connId":"\#(Self.connection)"}"#
    }
}
