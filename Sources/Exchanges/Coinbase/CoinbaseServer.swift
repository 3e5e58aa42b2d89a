import MarketModel

/// How Coinbase takes requests, and what its frames are about.
struct CoinbaseServer: ServerRules {
    func topic(of frame: RawSpan) -> FrameTopic {
        let head = FrameTopic.head(of: frame)
        return .pair(
            FrameTopic.value(#""channel":""#, in: head),
            FrameTopic.value(#""product_id":""#, in: head)
        )
    }

    func messageNumber(in frame: RawSpan) -> MessageNumber? {
        MessageNumber(behind: #""sequence_num":"#, in: frame)
    }

    /// Acks come from the source: they have message numbers.
    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        guard let type = request.text("type"), let channel = request.text("channel"),
            let operation = SubscriptionOperation(rawValue: type)
        else { return refusal("unknown request") }
        guard let known = Coinbase.channels.first(where: { $0.name == channel }) else {
            return refusal("channel \(channel) is not supported")
        }
        let products = request.list("product_ids")
        if let wrong = products.first(where: { !offer.has($0) }) {
            return refusal("\(wrong) is not a valid product")
        }
        let topics = products.map { product in
            known.kinds == .book
                ? ServedTopic("l2_data", symbol: product, state: .book(symbol: product, depth: nil))
                : ServedTopic(channel, symbol: product)
        }
        return ServedAnswer([], topics, operation)
    }

    private func refusal(_ reason: String) -> ServedAnswer {
        ServedAnswer([#"{"type":"error","message":\#(reason.jsonLiteral)}"#])
    }
}
