import MarketModel

/// Writes what Bitfinex sends, with the numbers and times that the greeting asks for.
struct BitfinexEncoder: FrameEncoder {
    // MARK: - Books

    /// A whole book, or the level that changed.
    func append(_ book: BookMessage, to text: inout FrameWriter) {
        begin(Subscription(.book, symbol: book.symbol, depth: book.depth), &text)
        if book.isSnapshot {
            text.append("[")
            text.append(list: book.bids) { write($0, isBid: true, &$1) }
            if !book.bids.isEmpty, !book.asks.isEmpty { text.append(",") }
            text.append(list: book.asks) { write($0, isBid: false, &$1) }
            text.append("]")
        } else if let level = book.bids.first ?? book.asks.first {
            write(level, isBid: !book.bids.isEmpty, &text)
        } else {
            text.append("[]")
        }
        end(book.number, book.exchangeTime, &text)
    }

    private func write(_ level: PriceLevel, isBid: Bool, _ text: inout FrameWriter) {
        text.append("[", level.price, level.size.isZero ? ",0," : ",1,", isBid ? "" : "-")
        text.append(level.size.isZero ? FixedDecimal(mantissa: 1, scale: 0) : level.size, "]")
    }

    func append(proof book: BookMessage, to text: inout FrameWriter) {
        begin(Subscription(.book, symbol: book.symbol, depth: book.depth), &text)
        text.append(#""cs","#, Int64(Int32(bitPattern: book.checksum)))
        end(book.number, book.exchangeTime, &text)
    }

    // MARK: - Trades, liquidations, tickers

    /// A trade, or the list of the last ones, the newest first.
    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin(Subscription(.trades, symbol: message.symbol), &text)
        if message.isSnapshot {
            text.append("[")
            text.append(list: message.trades.reversed(), write)
            text.append("]")
        } else if let trade = message.trades.first {
            text.append(message.isRepeated ? #""tu","# : #""te","#)
            write(trade, &text)
        }
        end(message.number, message.time, &text)
    }

    private func write(_ trade: Trade, _ text: inout FrameWriter) {
        text.append("[", trade.id.description, ",", trade.exchangeTime / UnixTime.millisecond, ",")
        text.append(trade.side == .buy ? "" : "-", trade.size, ",", trade.price, "]")
    }

    func append(_ message: LiquidationMessage, to text: inout FrameWriter) {
        let forced = message.liquidation
        begin(Subscription(.liquidations, symbol: Bitfinex.all), &text)
        text.append(#"[["pos",1,"#, forced.exchangeTime / UnixTime.millisecond, #",null,""#, message.symbol)
        text.append(#"","#, forced.side == .sell ? "" : "-", forced.size, ",", forced.price)
        text.append(",null,0,1,null,", forced.price, "]]")
        end(message.number, message.time, &text)
    }

    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        begin(Subscription([.fundingRates, .openInterest], symbol: ticker.symbol), &text)
        text.append(
            "[",
            ticker.time / UnixTime.millisecond,
            ",null,",
            ticker.markPrice,
            ",",
            ticker.markPrice
        )
        text.append(",null,0,null,")
        if let due = ticker.funding?.nextFundingTime {
            text.append(due / UnixTime.millisecond)
        } else {
            text.append("null")
        }
        text.append(",0,0,null,")
        if let rate = ticker.funding?.rate { text.append(rate) } else { text.append("null") }
        text.append(",null,null,", ticker.markPrice, ",null,null,")
        if let interest = ticker.interest { text.append(interest.openInterest) } else { text.append("null") }
        text.append("]")
        end(ticker.number, ticker.time, &text)
    }

    // MARK: - Parts

    private func begin(_ topic: Subscription, _ text: inout FrameWriter) {
        text.append("[", BitfinexNumbers.number(of: topic), ",")
    }

    private func end(_ number: Int64, _ time: Int64, _ text: inout FrameWriter) {
        text.append(",", number, ",", time / UnixTime.millisecond, "]")
    }

    // MARK: - Answers

    /// Of one topic; without a topic of the greeting.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        guard let topic = answer.topics.first else {
            return text.append(#"{"event":"conf","status":"OK","flags":\#(Bitfinex.flags)}"#)
        }
        let number = BitfinexNumbers.number(of: topic)
        text.append(#"{"event":"\#(answer.operation.rawValue)d","chanId":"#, number)
        if answer.operation == .subscribe { text.append(",", Bitfinex.members(of: topic)) }
        if answer.isTimed { text.append(#","ts":"#, answer.time / UnixTime.millisecond) }
        text.append(answer.operation == .subscribe ? "}" : #","status":"OK"}"#)
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        text.append(#"{"event":"pong","cid":"#, sign.count, #","ts":"#, sign.now / UnixTime.millisecond, "}")
    }

    func appendGreeting(to text: inout FrameWriter) {
        text.append(#"{"event":"info","version":2,"serverId":"1f0a6d3c","platform":{"status":1}}"#)
    }
}
