import MarketModel

/// Writes what Coinbase sends.
struct CoinbaseEncoder: FrameEncoder {
    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        begin("l2_data", book.time, book.number, &text)
        text.append(book.isSnapshot ? #"{"type":"snapshot","# : #"{"type":"update","#)
        text.append(#""product_id":""#)
        text.append(book.symbol)
        text.append(#"","updates":["#)
        var isFirst = true
        for level in book.bids { append(level, isBid: true, of: book, &isFirst, &text) }
        for level in book.asks { append(level, isBid: false, of: book, &isFirst, &text) }
        text.append("]}]}")
    }

    private func append(
        _ level: PriceLevel,
        isBid: Bool,
        of book: BookMessage,
        _ isFirst: inout Bool,
        _ text: inout FrameWriter
    ) {
        if !isFirst { text.append(",") }
        isFirst = false
        text.append(isBid ? #"{"side":"bid","event_time":""# : #"{"side":"offer","event_time":""#)
        // Levels of updates are stamped in microseconds, those of snapshots as the message.
        text.append(time: book.levelTime ?? book.time, digits: book.levelTime == nil ? 9 : 6)
        text.append(#"","price_level":""#)
        text.append(level.price)
        text.append(#"","new_quantity":""#)
        text.append(level.size.isZero ? .zero : level.size)
        text.append("\"}")
    }

    private func begin(_ channel: String, _ time: Int64, _ number: Int64, _ text: inout FrameWriter) {
        text.append(#"{"channel":""#)
        text.append(channel)
        text.append(#"","client_id":"","timestamp":""#)
        text.append(time: time, digits: 9)
        text.append(#"","sequence_num":"#)
        text.append(number)
        text.append(#","events":["#)
    }

    // MARK: - Trades

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin("market_trades", message.time, message.number, &text)
        text.append(message.isSnapshot ? #"{"type":"snapshot","trades":["# : #"{"type":"update","trades":["#)
        for (index, trade) in message.trades.enumerated() {
            text.append(index > 0 ? #",{"product_id":""# : #"{"product_id":""#)
            text.append(message.symbol)
            text.append(#"","trade_id":""#)
            text.append(trade.id.description)
            text.append(#"","price":""#)
            text.append(trade.price)
            text.append(#"","size":""#)
            text.append(trade.size)
            text.append(#"","time":""#)
            text.append(time: trade.exchangeTime, digits: 6)
            // The side is the maker's.
            text.append(trade.side == .buy ? #"","side":"SELL"}"# : #"","side":"BUY"}"#)
        }
        text.append("]}]}")
    }

    // MARK: - Answers

    /// Lists all that is subscribed, a channel at a time.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        begin("subscriptions", answer.time, answer.number, &text)
        text.append(#"{"subscriptions":{"heartbeats":["heartbeats"]"#)
        for (kinds, channel) in [(FeedKinds.trades, "market_trades"), (.book, "level2")] {
            let products = answer.topics.filter { $0.kinds == kinds }.map(\.symbol.jsonLiteral)
            guard !products.isEmpty else { continue }
            text.append(#","\#(channel)":[\#(products.joined(separator: ","))]"#)
        }
        text.append("}}]}")
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        begin("heartbeats", sign.time, sign.number, &text)
        text.append(#"{"current_time":""#)
        text.append(time: sign.now, digits: 9)
        text.append(#"","heartbeat_counter":"#)
        text.append(sign.count)
        text.append("}]}")
    }
}
