import MarketModel

/// Writes what Binance sends, in the envelopes of its streams.
struct BinanceEncoder: FrameEncoder {
    let market: Market

    private var isSpot: Bool { market == .spot }

    private func milliseconds(_ time: Int64) -> Int64 { time / UnixTime.millisecond }

    private func begin(
        _ symbol: String,
        _ channel: String,
        _ kind: String,
        _ time: Int64,
        _ text: inout FrameWriter
    ) {
        text.append(#"{"stream":""#, symbol.lowercased(), "@", channel)
        text.append(#"","data":{"e":""#, kind, #"","E":"#, milliseconds(time))
    }

    // MARK: - Books

    /// A whole book is written as the best levels, of a stream of its own.
    func append(_ book: BookMessage, to text: inout FrameWriter) {
        let channel = book.isSnapshot ? "depth\(book.depth)@100ms" : "depth@100ms"
        begin(book.symbol, channel, "depthUpdate", book.time, &text)
        if !isSpot { text.append(#","T":"#, milliseconds(book.exchangeTime)) }
        let link = book.link ?? BookLink(first: book.updateID, previous: book.updateID - 1)
        text.append(#","s":""#, book.symbol, #"","U":"#, link.first, #","u":"#, book.updateID)
        if !isSpot { text.append(#","pu":"#, link.previous) }
        append(book, #","b":["#, #"],"a":["#, &text)
        text.append("]}}")
    }

    private func append(_ book: BookMessage, _ bids: String, _ asks: String, _ text: inout FrameWriter) {
        text.append(bids)
        text.append(list: book.bids, write)
        text.append(asks)
        text.append(list: book.asks, write)
    }

    private func write(_ level: PriceLevel, _ text: inout FrameWriter) {
        text.append(#"[""#, level.price, #"",""#, level.size, #""]"#)
    }

    /// Spot's has no kind and no time.
    func append(top book: BookMessage, to text: inout FrameWriter) {
        guard let bid = book.bids.first, let ask = book.asks.first else { return }
        text.append(#"{"stream":""#, book.symbol.lowercased(), #"@bookTicker","data":{"#)
        if !isSpot { text.append(#""e":"bookTicker","#) }
        text.append(#""u":"#, book.updateID, #","s":""#, book.symbol)
        text.append(#"","b":""#, bid.price, #"","B":""#, bid.size)
        text.append(#"","a":""#, ask.price, #"","A":""#, ask.size)
        guard !isSpot else { return text.append(#""}}"#) }
        text.append(#"","T":"#, milliseconds(book.exchangeTime), #","E":"#, milliseconds(book.time), "}}")
    }

    // MARK: - Trades and liquidations

    /// A message a trade: the venue has no lists, so that the first alone is written.
    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        guard let trade = message.trades.first else { return }
        if trade.isAggregate { return append(sum: trade, of: message, to: &text) }
        begin(message.symbol, "trade", "trade", message.time, &text)
        if !isSpot { text.append(#","T":"#, milliseconds(trade.exchangeTime)) }
        text.append(#","s":""#, message.symbol, #"","t":"#, trade.id.description)
        text.append(#","p":""#, trade.price, #"","q":""#, trade.size)
        if isSpot {
            text.append(#"","T":"#, milliseconds(trade.exchangeTime))
        } else {
            text.append(#"","X":"MARKET""#)
        }
        text.append(#","m":"#, trade.side == .sell ? "true" : "false", isSpot ? #","M":true}}"# : "}}")
    }

    private func append(sum trade: Trade, of message: TradeMessage, to text: inout FrameWriter) {
        begin(message.symbol, "aggTrade", "aggTrade", message.time, &text)
        if isSpot {
            text.append(#","s":""#, message.symbol, #"","a":"#, trade.id.description)
        } else {
            text.append(#","a":"#, trade.id.description, #","s":""#, message.symbol, "\"")
        }
        text.append(#","p":""#, trade.price, #"","q":""#, trade.size, "\"")
        let (id, fills) = (trade.id.description, message.fills.first)
        text.append(#","f":"#, fills.map { "\($0.lowerBound)" } ?? id)
        text.append(#","l":"#, fills.map { "\($0.upperBound)" } ?? id)
        text.append(#","T":"#, milliseconds(trade.exchangeTime))
        text.append(#","m":"#, trade.side == .sell ? "true" : "false", isSpot ? #","M":true}}"# : "}}")
    }

    func append(_ message: LiquidationMessage, to text: inout FrameWriter) {
        guard !isSpot else { return }
        let order = message.liquidation
        begin(message.symbol, "forceOrder", "forceOrder", message.time, &text)
        text.append(#","o":{"s":""#, message.symbol, #"","S":""#, order.side == .sell ? "SELL" : "BUY")
        text.append(#"","o":"LIMIT","f":"IOC","q":""#, order.size, #"","p":""#, order.price)
        text.append(#"","ap":""#, order.price, #"","X":"FILLED","l":""#, order.size)
        text.append(#"","z":""#, order.size, #"","T":"#, milliseconds(order.exchangeTime), "}}}")
    }

    /// The mark price; open interest is told by replies alone.
    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        guard !isSpot else { return }
        begin(ticker.symbol, "markPrice@1s", "markPriceUpdate", ticker.time, &text)
        text.append(#","s":""#, ticker.symbol, #"","p":""#, ticker.markPrice, #"","r":""#)
        if let rate = ticker.funding?.rate { text.append(rate) }
        text.append(#"","T":"#, milliseconds(ticker.funding?.nextFundingTime ?? 0), "}}")
    }

    // MARK: - Answers

    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        text.append(#"{"result":null,"id":"#, answer.id.isEmpty ? "null" : answer.id, "}")
    }

    /// The venue asks for signs of life by frames of the socket, which are no messages.
    func append(_ sign: SignOfLife, to text: inout FrameWriter) {}
}
