import MarketModel

/// Writes what Kraken sends.
struct KrakenEncoder: FrameEncoder {
    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        text.append(#"{"channel":"book","type":""#, book.isSnapshot ? "snapshot" : "update")
        text.append(#"","data":[{"symbol":""#, book.symbol, #"","bids":["#)
        text.append(list: book.bids, write)
        text.append(#"],"asks":["#)
        text.append(list: book.asks, write)
        text.append(#"],"checksum":"#, Int64(book.checksum))
        text.append(#","timestamp":""#, FrameTime(book.exchangeTime, digits: 6), #""}]}"#)
    }

    private func write(_ level: PriceLevel, _ text: inout FrameWriter) {
        text.append(#"{"price":"#, level.price, #","qty":"#, level.size, "}")
    }

    // MARK: - Trades

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        text.append(
            #"{"channel":"trade","type":""#,
            message.isSnapshot ? "snapshot" : "update",
            #"","data":["#
        )
        text.append(list: message.trades) { trade, text in
            text.append(#"{"symbol":""#, message.symbol, #"","side":""#, trade.side == .buy ? "buy" : "sell")
            text.append(#"","price":"#, trade.price, #","qty":"#, trade.size, #","ord_type":"market","#)
            text.append(#""trade_id":"#, trade.id.description)
            text.append(#","timestamp":""#, FrameTime(trade.exchangeTime, digits: 6), #""}"#)
        }
        text.append("]}")
    }

    // MARK: - Answers

    /// Of one topic, or of the channel of definitions where there is none.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        text.append(#"{"method":"\#(answer.operation.rawValue)","result":{"#)
        let channel = Kraken.channels.first { $0.kinds == answer.topics.first?.kinds }
        text.append(#""channel":"\#(channel?.name ?? "instrument")""#)
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
        var text = FrameWriter(capacity: 1 << 8)
        text.append(#"{"error":\#(reason.jsonLiteral),"method":"\#(operation.rawValue)","#)
        text.append(#""symbol":\#(symbol.jsonLiteral),"success":false"#)
        appendEnd(id, time, time, &text)
        return text.string
    }

    private func appendEnd(_ id: String, _ requestTime: Int64, _ time: Int64, _ text: inout FrameWriter) {
        if !id.isEmpty { text.append(#","req_id":\#(id)"#) }
        text.append(#","time_in":""#, FrameTime(requestTime, digits: 6))
        text.append(#"","time_out":""#, FrameTime(time, digits: 6), #""}"#)
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        text.append(#"{"channel":"heartbeat"}"#)
    }

    func appendGreeting(to text: inout FrameWriter) {
        text.append(#"{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","#)
        text.append(#""api_version":"v2","connection_id":12345678901234567890}]}"#)
    }
}
