import MarketModel

/// Writes what Coinbase sends.
struct CoinbaseEncoder: FrameEncoder {
    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        begin("l2_data", book.time, book.number, &text)
        text.append(#"{"type":""#, book.isSnapshot ? "snapshot" : "update")
        text.append(#"","product_id":""#, book.symbol, #"","updates":["#)
        append(book.bids, side: "bid", of: book, &text)
        if !book.bids.isEmpty, !book.asks.isEmpty { text.append(",") }
        append(book.asks, side: "offer", of: book, &text)
        text.append("]}]}")
    }

    private func append(
        _ levels: [PriceLevel],
        side: String,
        of book: BookMessage,
        _ text: inout FrameWriter
    ) {
        // Levels of updates are stamped in microseconds, those of snapshots as the message.
        let time = FrameTime(book.levelTime ?? book.time, digits: book.levelTime == nil ? 9 : 6)
        text.append(list: levels) { level, text in
            text.append(#"{"side":""#, side, #"","event_time":""#, time, #"","price_level":""#, level.price)
            text.append(#"","new_quantity":""#, level.size.isZero ? .zero : level.size, #""}"#)
        }
    }

    private func begin(_ channel: String, _ time: Int64, _ number: Int64, _ text: inout FrameWriter) {
        text.append(#"{"channel":""#, channel, #"","client_id":"","timestamp":""#, FrameTime(time, digits: 9))
        text.append(#"","sequence_num":"#, number, #","events":["#)
    }

    // MARK: - Trades

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin("market_trades", message.time, message.number, &text)
        text.append(#"{"type":""#, message.isSnapshot ? "snapshot" : "update", #"","trades":["#)
        text.append(list: message.trades) { trade, text in
            text.append(#"{"product_id":""#, message.symbol, #"","trade_id":""#, trade.id.description)
            text.append(#"","price":""#, trade.price, #"","size":""#, trade.size)
            text.append(#"","time":""#, FrameTime(trade.exchangeTime, digits: 6))
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
        for channel in Coinbase.channels.reversed() where !channel.kinds.isEmpty {
            let products = answer.topics.filter { $0.kinds == channel.kinds }.map(\.symbol)
            if !products.isEmpty { text.append(#","\#(channel.name)":\#(products.jsonList)"#) }
        }
        text.append("}}]}")
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        begin("heartbeats", sign.time, sign.number, &text)
        text.append(#"{"current_time":""#, FrameTime(sign.now, digits: 9))
        text.append(#"","heartbeat_counter":"#, sign.count, "}]}")
    }
}
