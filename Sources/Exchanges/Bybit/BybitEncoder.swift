import MarketModel

/// Writes what Bybit sends.
struct BybitEncoder: FrameEncoder {
    let market: Market

    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        begin("orderbook.\(book.depth).", book.symbol, isSnapshot: book.isSnapshot, book.time, &text)
        text.append(#"{"s":""#)
        text.append(book.symbol)
        text.append(#"","b":["#)
        append(book.bids, &text)
        text.append(#"],"a":["#)
        append(book.asks, &text)
        text.append(#"],"u":"#)
        text.append(book.updateID)
        text.append(#","seq":"#)
        text.append(book.sequence)
        text.append(#"},"cts":"#)
        text.append(book.exchangeTime / UnixTime.millisecond)
        text.append("}")
    }

    private func append(_ levels: [PriceLevel], _ text: inout FrameWriter) {
        var isFirst = true
        for level in levels {
            text.append(isFirst ? "[\"" : ",[\"")
            isFirst = false
            text.append(level.price)
            text.append("\",\"")
            text.append(level.size.isZero ? .zero : level.size)
            text.append("\"]")
        }
    }

    /// Up to the data.
    private func begin(
        _ topic: String,
        _ symbol: String,
        isSnapshot: Bool,
        _ time: Int64,
        _ text: inout FrameWriter
    ) {
        text.append(#"{"topic":""#)
        text.append(topic)
        text.append(symbol)
        text.append(isSnapshot ? #"","type":"snapshot","ts":"# : #"","type":"delta","ts":"#)
        text.append(time / UnixTime.millisecond)
        text.append(#","data":"#)
    }

    // MARK: - Trades and liquidations

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin("publicTrade.", message.symbol, isSnapshot: true, message.time, &text)
        text.append("[")
        for (index, trade) in message.trades.enumerated() {
            text.append(index > 0 ? ",{\"T\":" : "{\"T\":")
            text.append(trade.exchangeTime / UnixTime.millisecond)
            append(message.symbol, trade.side, trade.size, trade.price, &text)
            text.append(market == .spot ? #"","i":""# : #"","L":"ZeroPlusTick","i":""#)
            text.append(trade.id.description)
            text.append(#"","BT":false}"#)
        }
        text.append("]}")
    }

    func append(_ message: LiquidationMessage, to text: inout FrameWriter) {
        let forced = message.liquidation
        begin("allLiquidation.", message.symbol, isSnapshot: true, message.time, &text)
        text.append(#"[{"T":"#)
        text.append(forced.exchangeTime / UnixTime.millisecond)
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
        text.append(#","s":""#)
        text.append(symbol)
        text.append(side == .buy ? #"","S":"Buy","v":""# : #"","S":"Sell","v":""#)
        text.append(size)
        text.append(#"","p":""#)
        text.append(price)
    }

    // MARK: - Tickers

    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        text.append(#"{"topic":"tickers."#)
        text.append(ticker.symbol)
        text.append(ticker.isSnapshot ? #"","type":"snapshot","data":{"# : #"","type":"delta","data":{"#)
        text.append(#""symbol":""#)
        text.append(ticker.symbol)
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
        text.append(#""},"cs":"#)
        text.append(ticker.sequence)
        text.append(#","ts":"#)
        text.append(ticker.time / UnixTime.millisecond)
        text.append("}")
    }

    /// Ends the text before and begins that of a member.
    private func append(_ name: String, _ value: FixedDecimal, _ text: inout FrameWriter) {
        text.append("\",\"")
        text.append(name)
        text.append("\":\"")
        text.append(value)
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
            text.append(#"{"req_id":"","op":"pong","args":[""#)
            text.append(sign.now / UnixTime.millisecond)
            text.append(#""],"conn_id":"\#(sign.connection)"}"#)
        }
    }
}
