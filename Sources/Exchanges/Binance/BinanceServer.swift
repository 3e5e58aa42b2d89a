import MarketModel

/// How Binance takes requests, and what its frames are about.
struct BinanceServer: ServerRules {
    let market: Market

    func topic(of frame: RawSpan) -> FrameTopic {
        FrameTopic.value(#""stream":""#, in: FrameTopic.head(of: frame)).map {
            .named(channel: $0, symbol: nil)
        }
            ?? .answer
    }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let id = request.number("id").map { "\($0)" } ?? request.text("id")?.jsonLiteral ?? ""
        guard let method = request.text("method"),
            let operation = SubscriptionOperation(rawValue: method.lowercased())
        else { return refusal("Invalid request: unknown method", id) }
        let streams = request.list("params").map { served($0, offer) }
        guard !streams.isEmpty, !streams.contains(nil) else { return refusal("Invalid request: stream", id) }
        var answer = Acknowledgement(topics: [], connection: "", requestTime: time, time: time)
        (answer.operation, answer.id) = (operation, id)
        return ServedAnswer(
            [BinanceEncoder(market: market).text(of: answer)],
            streams.compactMap(\.self),
            operation
        )
    }

    private func refusal(_ reason: String, _ id: String) -> ServedAnswer {
        let id = id.isEmpty ? "null" : id
        return ServedAnswer([#"{"error":{"code":2,"msg":\#(reason.jsonLiteral)},"id":\#(id)}"#])
    }

    /// A stream of the venue's of a symbol that is offered; nil if it is none.
    private func served(_ stream: String, _ offer: ServedOffer) -> ServedTopic? {
        let bytes = Array(stream.utf8)
        let kind = BinanceStream(bytes.span.bytes)
        guard !kind.feeds.isEmpty, let symbol = Binance().symbol(ofTopic: stream)?.uppercased(),
            offer.has(symbol)
        else { return nil }
        return ServedTopic(
            stream,
            state: kind.depth.map { .book(symbol: symbol, depth: $0) } ?? ServedTopic.State.none
        )
    }
}
