import MarketModel

/// Writes what Kraken sends.
struct KrakenEncoder: FrameEncoder {
    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        text.append(#"{"channel":"book","type":""#)
        text.append(book.isSnapshot ? "snapshot" : "update")
        text.append(#"","data":[{"symbol":""#)
        text.append(book.symbol)
        text.append(#"","bids":["#)
        append(book.bids, &text)
        text.append(#"],"asks":["#)
        append(book.asks, &text)
        text.append(#"],"checksum":"#)
        text.append(Int64(book.checksum))
        text.append(#","timestamp":""#)
        text.append(time: book.exchangeTime, digits: 6)
        text.append("\"}]}")
    }

    private func append(_ levels: [PriceLevel], _ text: inout FrameWriter) {
        var isFirst = true
        for level in levels {
            text.append(isFirst ? #"{"price":"# : #",{"price":"#)
            isFirst = false
            text.append(level.price)
            text.append(#","qty":"#)
            text.append(level.size)
            text.append("}")
        }
    }

    // MARK: - Trades

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        text.append(#"{"channel":"trade","type":""#)
        text.append(message.isSnapshot ? #"snapshot","data":["# : #"update","data":["#)
        for (index, trade) in message.trades.enumerated() {
            text.append(index > 0 ? #",{"symbol":""# : #"{"symbol":""#)
            text.append(message.symbol)
            text.append(trade.side == .buy ? #"","side":"buy","price":"# : #"","side":"sell","price":"#)
            text.append(trade.price)
            text.append(#","qty":"#)
            text.append(trade.size)
            text.append(#","ord_type":"market","trade_id":"#)
            text.append(trade.id.description)
            text.append(#","timestamp":""#)
            text.append(time: trade.exchangeTime, digits: 6)
            text.append("\"}")
        }
        text.append("]}")
    }

    // MARK: - Answers

    /// Of one topic, or of the channel of definitions where there is none.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        text.append(#"{"method":"\#(answer.operation.rawValue)","result":{"#)
        text.append(#""channel":"\#(Self.channel(of: answer.topics.first?.kinds))""#)
        if let topic = answer.topics.first {
            text.append(#","symbol":\#(topic.symbol.jsonLiteral)"#)
            if let depth = topic.depth { text.append(#","depth":\#(depth)"#) }
        }
        text.append(#","snapshot":true},"success":true"#)
        appendEnd(answer.id, answer.requestTime, answer.time, &text)
    }

    /// That a topic was not granted.
    func refusal(
        _ operation: SubscriptionOperation,
        of symbol: String,
        _ reason: String,
        id: String,
        at time: Int64
    ) -> String {
        text { _, text in
            text.append(#"{"error":\#(reason.jsonLiteral),"method":"\#(operation.rawValue)","#)
            text.append(#""symbol":\#(symbol.jsonLiteral),"success":false"#)
            appendEnd(id, time, time, &text)
        }
    }

    private func appendEnd(_ id: String, _ requestTime: Int64, _ time: Int64, _ text: inout FrameWriter) {
        if !id.isEmpty { text.append(#","req_id":\#(id)"#) }
        text.append(#","time_in":""#)
        text.append(time: requestTime, digits: 6)
        text.append(#"","time_out":""#)
        text.append(time: time, digits: 6)
        text.append("\"}")
    }

    private static func channel(of kinds: FeedKinds?) -> String {
        kinds == .book ? "book" : kinds == .trades ? "trade" : "instrument"
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        text.append(#"{"channel":"heartbeat"}"#)
    }

    func appendGreeting(to text: inout FrameWriter) {
        text.append(#"{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","#)
        text.append(#""api_version":"v2","connection_id":12345678901234567890}]}"#)
    }
}
