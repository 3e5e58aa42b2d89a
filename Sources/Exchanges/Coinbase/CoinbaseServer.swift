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
        else { return ServedAnswer([refusal("unknown request")]) }
        guard ["level2", "market_trades", "heartbeats"].contains(channel) else {
            return ServedAnswer([refusal("channel \(channel) is not supported")])
        }
        let products = request.texts("product_ids")
        if let wrong = products.first(where: { !offer.has($0) }) {
            return ServedAnswer([refusal("\(wrong) is not a valid product")])
        }
        let topics = products.map { product in
            channel == "level2"
                ? ServedTopic("l2_data", symbol: product, state: .book(symbol: product, depth: nil))
                : ServedTopic(channel, symbol: product)
        }
        return ServedAnswer([], topics, operation)
    }

    private func refusal(_ reason: String) -> String {
        #"{"type":"error","message":\#(reason.jsonLiteral)}"#
    }
}
