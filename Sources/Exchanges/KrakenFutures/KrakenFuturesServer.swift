import MarketModel

/// How Kraken Futures takes requests, and what its frames are about.
struct KrakenFuturesServer: ServerRules {
    /// Lists of old trades and whole books belong to the feed that their name begins with.
    func topic(of frame: RawSpan) -> FrameTopic {
        let head = FrameTopic.head(of: frame)
        if FrameTopic.value(#""event":""#, in: head) != nil { return .answer }
        guard let feed = FrameTopic.value(#""feed":""#, in: head),
            let product = FrameTopic.value(#""product_id":""#, in: head)
        else { return .general }
        let length = head.withUnsafeBytes { bytes in
            bytes[feed].elementsEqual("ticker_lite".utf8)
                ? feed.count : bytes[feed].firstIndex(of: 0x5f).map { $0 - feed.lowerBound } ?? feed.count
        }
        return .named(channel: feed.lowerBound..<(feed.lowerBound + length), symbol: product)
    }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        guard let operation = SubscriptionOperation(rawValue: request.text("event") ?? "") else {
            return refusal("Bad request")
        }
        guard let channel = KrakenFutures.channels.first(where: { $0.name == request.text("feed") }) else {
            return refusal("Invalid feed")
        }
        let products = request.list("product_ids").map { $0.uppercased() }
        if let wrong = products.first(where: { !offer.has($0) }) {
            return refusal("Invalid product id: \(wrong)")
        }
        var answer = ServedAnswer([], [], operation)
        for product in products {
            let topic = Subscription(channel.kinds, symbol: product)
            var ack = Acknowledgement(topics: [topic], connection: "", requestTime: time, time: time)
            ack.operation = operation
            answer.frames.append(KrakenFuturesEncoder().text(of: ack))
            let isBook = channel.kinds == .book
            let state = isBook ? ServedTopic.State.book(symbol: product, depth: nil) : .none
            answer.topics.append(ServedTopic(channel.name, symbol: product, state: state))
        }
        return answer
    }

    private func refusal(_ reason: String) -> ServedAnswer {
        ServedAnswer([#"{"event":"error","message":\#(reason.jsonLiteral)}"#])
    }
}
