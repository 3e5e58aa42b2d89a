import MarketModel

/// Writes what Bybit sends.
struct BybitEncoder: FrameEncoder {
    let market: Market

    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        begin("orderbook.\(book.depth).", book.symbol, isSnapshot: book.isSnapshot, book.time, &text)
        text.append(#"{"s":""#, book.symbol, #"","b":["#)
        text.append(list: book.bids, write)
        text.append(#"],"a":["#)
        text.append(list: book.asks, write)
        text.append(#"],"u":"#, book.updateID, #","seq":"#, book.sequence)
        text.append(#"},"cts":"#, book.exchangeTime / UnixTime.millisecond, "}")
    }

    private func write(_ level: PriceLevel, _ text: inout FrameWriter) {
        text.append(#"[""#, level.price, #"",""#, level.size.isZero ? .zero : level.size, #""]"#)
    }

    /// Up to the data.
    private func begin(
        _ topic: String,
        _ symbol: String,
        isSnapshot: Bool,
        _ time: Int64,
        _ text: inout FrameWriter
    ) {
        text.append(#"{"topic":""#, topic, symbol, #"","type":""#, isSnapshot ? "snapshot" : "delta")
        text.append(#"","ts":"#, time / UnixTime.millisecond, #","data":"#)
    }

    // MARK: - Trades and liquidations

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin("publicTrade.", message.symbol, isSnapshot: true, message.time, &text)
        text.append("[")
        text.append(list: message.trades) { trade, text in
            text.append(#"{"T":"#, trade.exchangeTime / UnixTime.millisecond)
            append(message.symbol, trade.side, trade.size, trade.price, &text)
            text.append(market == .spot ? #"","i":""# : #"","L":"ZeroPlusTick","i":""#)
            text.append(trade.id.description, #"","BT":false}"#)
        }
        text.append("]}")
    }

    func append(_ message: LiquidationMessage, to text: inout FrameWriter) {
        let forced = message.liquidation
        begin("allLiquidation.", message.symbol, isSnapshot: true, message.time, &text)
        text.append(#"[{"T":"#, forced.exchangeTime / UnixTime.millisecond)
        // The venue names the position's side: "Buy" is a liquidated long, whose order sells.
        append(message.symbol, forced.side.opposite, forced.size, forced.price, &text)
        text.append(#""}]}"#)
    }

    private func append(
        _ symbol: String,
        _ side: Side,
        _ size: FixedDecimal,
        _ price: FixedDecimal,
        _ text: inout FrameWriter
    ) {
        text.append(#","s":""#, symbol, #"","S":""#, side == .buy ? "Buy" : "Sell")
        text.append(#"","v":""#, size, #"","p":""#, price)
    }

    // MARK: - Tickers

    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        text.append(#"{"topic":"tickers."#, ticker.symbol, #"","type":""#)
        text.append(ticker.isSnapshot ? "snapshot" : "delta", #"","data":{"symbol":""#, ticker.symbol)
        append("bid1Price", ticker.bid, &text)
        append("ask1Price", ticker.ask, &text)
        append("markPrice", ticker.markPrice, &text)
        if let interest = ticker.interest {
            append("openInterest", interest.openInterest, &text)
            if let value = interest.value { append("openInterestValue", value, &text) }
        }
        if let funding = ticker.funding {
            append("fundingRate", funding.rate, &text)
            if let next = funding.nextFundingTime {
                let time = FixedDecimal(mantissa: next / UnixTime.millisecond, scale: 0)
                append("nextFundingTime", time, &text)
            }
            if let hours = funding.intervalHours { append("fundingIntervalHour", hours, &text) }
        }
        text.append(#""},"cs":"#, ticker.sequence)
        text.append(#","ts":"#, ticker.time / UnixTime.millisecond, "}")
    }

    /// Ends the text before and begins that of a member.
    private func append(_ name: String, _ value: FixedDecimal, _ text: inout FrameWriter) {
        text.append(#"",""#, name, #"":""#, value)
    }

    // MARK: - Answers

    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        let word = market == .spot && answer.operation == .subscribe ? "subscribe" : ""
        text.append(#"{"success":true,"ret_msg":"\#(word)","conn_id":"\#(answer.connection)","#)
        text.append(#""req_id":\#(answer.id.jsonLiteral),"#)
        if answer.isTimed { text.append(#""ts":\#(answer.time / UnixTime.millisecond),"#) }
        text.append(#""op":"\#(answer.operation.rawValue)"}"#)
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        if market == .spot {
            text.append(
                #"{"success":true,"ret_msg":"pong","conn_id":"\#(sign.connection)","req_id":"","op":"ping"}"#
            )
        } else {
            text.append(#"{"req_id":"","op":"pong","args":[""#, sign.now / UnixTime.millisecond)
            text.append(#""],"conn_id":"\#(sign.connection)"}"#)
        }
    }
}
