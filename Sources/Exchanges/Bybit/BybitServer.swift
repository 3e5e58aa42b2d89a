import MarketModel

/// How Bybit takes requests, and what its frames are about.
struct BybitServer: ServerRules {
    let market: Market
    private static let connection = "fake"

    func topic(of frame: RawSpan) -> FrameTopic {
        FrameTopic.value(#""topic":""#, in: FrameTopic.head(of: frame)).map {
            .named(channel: $0, symbol: nil)
        } ?? .answer
    }

    func bookDepth(in frame: RawSpan) -> Int? {
        FrameTopic.number(#""topic":"orderbook."#, in: FrameTopic.head(of: frame))
    }

    func makeTables() -> (any ServedTables)? { market == .spot ? nil : BybitServedTickers() }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let encoder = BybitEncoder(market: market)
        let word = request.text("op") ?? ""
        if word == "ping" {
            return ServedAnswer([encoder.text(of: SignOfLife(connection: Self.connection, now: 0, time: 0))])
        }
        guard let operation = SubscriptionOperation(rawValue: word) else {
            return refusal("error:handler not found", "")
        }
        let names = request.list("args")
        if market == .spot, names.count > Bybit.argumentsPerRequest {
            return refusal("args size >10", "subscribe")
        }
        let (id, topics) = (request.text("req_id") ?? "", names.map { served($0, offer) })
        // One topic that is none refuses the request whole.
        if let wrong = topics.firstIndex(of: nil) {
            return refusal("error:handler not found,topic:\(names[wrong])", word, id: id)
        }
        var answer = Acknowledgement(topics: [], connection: Self.connection, requestTime: time, time: time)
        (answer.operation, answer.id, answer.isTimed) = (operation, id, true)
        return ServedAnswer([encoder.text(of: answer)], topics.compactMap(\.self), operation)
    }

    private func refusal(_ reason: String, _ operation: String, id: String? = nil) -> ServedAnswer {
        let id = id.map { #""req_id":\#($0.jsonLiteral),"# } ?? ""
        return ServedAnswer([
            #"{"success":false,"ret_msg":\#(reason.jsonLiteral),"conn_id":"\#(Self.connection)","#
                + #"\#(id)"op":"\#(operation)"}"#
        ])
    }

    /// A topic of the venue's, of a symbol that is offered and of a depth that is served; nil if it is none.
    private func served(_ topic: String, _ offer: ServedOffer) -> ServedTopic? {
        let parts = topic.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let channel = Bybit.channels.first { $0.name == parts[0] }
        guard let channel, let symbol = parts.last, offer.has(symbol),
            parts.count == (channel.usualDepth == nil ? 2 : 3)
        else { return nil }
        switch channel.kinds {
        case .book:
            guard let depth = Int(parts[1]), offer.has(depth: depth) else { return nil }
            let state = UInt32(exactly: depth).map { ServedTopic.State.book(symbol: symbol, depth: $0) }
            return ServedTopic(topic, state: state ?? ServedTopic.State.none)
        case .trades: return ServedTopic(topic)
        case .liquidations: return market == .spot ? nil : ServedTopic(topic)
        default: return ServedTopic(topic, state: .table(symbol))
        }
    }
}
