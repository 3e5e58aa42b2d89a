import MarketModel

/// How Binance takes requests, and what its frames are about.
struct BinanceServer: ServerRules {
    let market: Market

    /// Of streams that differ in pace alone one is like the other: a recording has it at one pace.
    func topic(of frame: RawSpan) -> FrameTopic {
        guard let name = FrameTopic.value(#""stream":""#, in: FrameTopic.head(of: frame)) else {
            return .answer
        }
        let length = Self.length(ofChannel: frame.extracting(name))
        return .named(channel: name.lowerBound..<(name.lowerBound + length), symbol: nil)
    }

    /// The length of a stream's name without its pace.
    private static func length(ofChannel name: RawSpan) -> Int {
        let symbol = BinanceStream.symbolEnd(name)
        guard symbol < name.byteCount else { return symbol }
        return symbol + 1 + BinanceStream.symbolEnd(name.extracting((symbol + 1)..<name.byteCount))
    }

    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer {
        let id = request.number("id").map { "\($0)" } ?? request.text("id")?.jsonLiteral ?? ""
        guard let method = request.text("method"),
            let operation = SubscriptionOperation(rawValue: method.lowercased())
        else { return refusal("Invalid request: unknown method", id) }
        let names = request.list("params")
        let streams = names.map { served($0, offer) }
        guard !names.isEmpty else { return refusal("Invalid request: no streams", id) }
        if let missing = streams.firstIndex(where: { $0 == nil }) {
            let symbol = Binance().symbol(ofTopic: names[missing])?.uppercased() ?? ""
            return refusal("Invalid request: no stream \(names[missing]) of \(symbol)", id)
        }
        var answer = Acknowledgement(topics: [], connection: "", requestTime: time, time: time)
        (answer.operation, answer.id) = (operation, id)
        return ServedAnswer(
            [BinanceEncoder(market: market).text(of: answer)],
            streams.compactMap(\.self),
            operation
        )
    }

    func closingNotice(at time: Int64) -> String? {
        #"{"e":"serverShutdown","E":\#(time / UnixTime.millisecond)}"#
    }

    private func refusal(_ reason: String, _ id: String) -> ServedAnswer {
        let id = id.isEmpty ? "null" : id
        return ServedAnswer([#"{"error":{"code":2,"msg":\#(reason.jsonLiteral)},"id":\#(id)}"#])
    }

    /// A stream of the venue's of a symbol that is offered; nil if it is none.
    private func served(_ stream: String, _ offer: ServedOffer) -> ServedTopic? {
        let bytes = Array(stream.utf8)
        let kind = BinanceStream(bytes.span.bytes)
        guard !kind.feeds.isEmpty || kind == .ticker,
            let symbol = Binance().symbol(ofTopic: stream)?.uppercased(),
            offer.has(symbol)
        else { return nil }
        let channel = bytes.prefix(Self.length(ofChannel: bytes.span.bytes))
        // What changes of a book join is told by a reply.
        let depth = kind.depth.flatMap { $0 > 0 ? $0 : nil }
        return ServedTopic(
            String(decoding: channel, as: UTF8.self),
            state: depth.map { .book(symbol: symbol, depth: $0) } ?? ServedTopic.State.none
        )
    }
}
