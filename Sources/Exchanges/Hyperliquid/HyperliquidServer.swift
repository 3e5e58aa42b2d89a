import MarketModel

/// How Hyperliquid takes requests, and what its frames are about.
struct HyperliquidServer: ServerRules {
    /// Acks have a method; of what is about no coin nobody else is told.
    func topic(of frame: RawSpan) -> FrameTopic {
        let head = FrameTopic.head(of: frame)
        guard FrameTopic.end(of: #""method":""#, in: head) == nil,
            let coin = FrameTopic.value(#""coin":""#, in: head)
        else { return .answer }
        return .pair(FrameTopic.value(#""channel":""#, in: head), coin)
    }

    func bookDepth(in frame: RawSpan) -> Int? {
        let head = FrameTopic.head(of: frame)
        guard FrameTopic.end(of: #""l2Book""#, in: head) != nil else { return nil }
        return FrameTopic.end(of: #""fast":true"#, in: head) == nil
            ? Hyperliquid.usualDepth : Hyperliquid.fastDepth
    }

    /// Who subscribes to trades is told the last ones first.
    var repeatsTrades: Bool { true }

    /// What is not there closes the connection without a word.
    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let method = request.text("method") ?? ""
        if method == "ping" { return ServedAnswer([#"{"channel":"pong"}"#]) }
        guard let operation = SubscriptionOperation(rawValue: method),
            let object = request.object("subscription")
        else { return ServedAnswer([#"{"channel":"error","data":"Error parsing JSON into a request"}"#]) }
        let topic = HyperliquidTopic(object)
        guard let channel = Hyperliquid.channels.first(where: { $0.name == topic.channel }),
            offer.has(topic.coin), topic.depth.map({ offer.has(depth: Int($0)) }) ?? true
        else { return .closing }
        let state: ServedTopic.State =
            switch channel.kinds {
            case .book: .book(symbol: topic.coin, depth: topic.depth)
            case .trades: .trades(symbol: topic.coin)
            default: .none
            }
        return ServedAnswer(
            [HyperliquidEncoder.confirmation(operation, topic)],
            [ServedTopic(channel.name, symbol: topic.coin, state: state)],
            operation
        )
    }
}
