import MarketModel

/// Writes what Deribit sends, in the order of the recorded frames.
struct DeribitEncoder: FrameEncoder {
    /// Up to the data.
    private func begin(_ channel: String, _ symbol: String, _ text: inout FrameWriter) {
        text.append(#"{"jsonrpc":"2.0","method":"subscription","params":{"channel":""#, channel, ".", symbol)
        text.append(".", Deribit.interval, #"","data":"#)
    }

    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        begin("book", book.symbol, &text)
        text.append(#"{"type":""#, book.isSnapshot ? "snapshot" : "change", #"","timestamp":"#)
        text.append(book.exchangeTime / UnixTime.millisecond)
        if !book.isSnapshot { text.append(#","prev_change_id":"#, book.link?.previous ?? book.updateID - 1) }
        text.append(#","instrument_name":""#, book.symbol, #"","change_id":"#, book.updateID)
        text.append(#","bids":["#)
        text.append(list: book.bids) { write($0, isNew: book.isSnapshot, &$1) }
        text.append(#"],"asks":["#)
        text.append(list: book.asks) { write($0, isNew: book.isSnapshot, &$1) }
        text.append("]}}}")
    }

    private func write(_ level: PriceLevel, isNew: Bool, _ text: inout FrameWriter) {
        text.append(level.size.isZero ? #"["delete","# : isNew ? #"["new","# : #"["change","#)
        text.append(level.price, ",", level.size, "]")
    }

    // MARK: - Trades

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin("trades", message.symbol, &text)
        text.append("[")
        text.append(list: message.trades) { trade, text in
            text.append(#"{"trade_seq":"#, trade.id.description, #","trade_id":""#, trade.id.description)
            text.append(#"","timestamp":"#, trade.exchangeTime / UnixTime.millisecond, #","tick_direction":"#)
            text.append("0", #","price":"#, trade.price, #","mark_price":"#, trade.price)
            if message.isLiquidation { text.append(#","liquidation":"T""#) }
            text.append(#","instrument_name":""#, message.symbol, #"","index_price":"#, trade.price)
            text.append(#","direction":""#, trade.side == .buy ? "buy" : "sell", #"","amount":"#, trade.size)
            text.append("}")
        }
        text.append("]}}")
    }

    // MARK: - Tickers

    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        begin("ticker", ticker.symbol, &text)
        text.append(#"{"timestamp":"#, ticker.time / UnixTime.millisecond, #","state":"open""#)
        if let interest = ticker.interest { text.append(#","open_interest":"#, interest.openInterest) }
        text.append(#","mark_price":"#, ticker.markPrice, #","instrument_name":""#, ticker.symbol)
        text.append(#"","index_price":"#, ticker.markPrice)
        if let rate = ticker.funding?.rate {
            text.append(#","funding_8h":"#, rate, #","current_funding":"#, rate)
        }
        text.append(#","best_bid_price":"#, ticker.bid, #","best_ask_price":"#, ticker.ask, "}}}")
    }

    // MARK: - Answers

    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        let names = answer.topics.map { Deribit().name(of: $0) }
        text.append(Self.answer(names.jsonList, id: answer.id, (answer.requestTime, answer.time)))
    }

    /// The answer to a request with an id that came, and was answered, at a time.
    static func answer(
        _ content: String,
        isError: Bool = false,
        id: String,
        _ time: (asked: Int64, answered: Int64)
    ) -> String {
        let id = id.isEmpty ? "" : Int64(id) == nil ? #""id":\#(id.jsonLiteral),"# : #""id":\#(id),"#
        let (start, end) = (time.asked / 1_000, time.answered / 1_000)
        return #"{"jsonrpc":"2.0",\#(id)"\#(isError ? "error" : "result")":\#(content),"usIn":\#(start),"#
            + #""usOut":\#(end),"usDiff":\#(end - start),"testnet":false}"#
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        text.append(#"{"params":{"type":"heartbeat"},"method":"heartbeat","jsonrpc":"2.0"}"#)
    }
}
