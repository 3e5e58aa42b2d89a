import MarketModel

/// Writes what BitMEX sends.
struct BitMEXEncoder: FrameEncoder {
    /// Up to the rows: of a partial also what the table looks like, and what it was asked for.
    private func begin(
        _ table: BitMEXTable,
        _ action: BitMEXAction,
        _ symbol: String,
        _ keys: String = "",
        _ text: inout FrameWriter
    ) {
        text.append(#"{"table":""#, table.rawValue, #"","action":""#, action.rawValue)
        guard action == .partial else { return text.append(#"","data":["#) }
        text.append(#"","keys":["#, keys, #"],"types":{"symbol":"symbol"},"filter":{"symbol":""#, symbol)
        text.append(#""},"data":["#)
    }

    // MARK: - Books

    /// A whole book, the greatest price first, or levels that go, change or come.
    func append(_ book: BookMessage, to text: inout FrameWriter) {
        let action: BitMEXAction =
            switch book.change {
            case _ where book.isSnapshot: .partial
            case .deletion: .delete
            case .update: .update
            case .insertion: .insert
            }
        begin(.book, action, book.symbol, #""symbol","id","side""#, &text)
        let time = FrameTime(book.exchangeTime, digits: 3)
        let write = { (side: String, level: PriceLevel, text: inout FrameWriter) in
            text.append(#"{"symbol":""#, book.symbol, #"","id":"#, Self.id(of: level.price))
            text.append(#","side":""#, side)
            text.append(#"","size":"#, level.size, #","price":"#)
            text.append(level.price, #","timestamp":""#, time, #""}"#)
        }
        text.append(list: book.isSnapshot ? book.asks.reversed() : book.bids) {
            write(book.isSnapshot ? "Sell" : "Buy", $0, &$1)
        }
        if !book.bids.isEmpty, !book.asks.isEmpty { text.append(",") }
        text.append(list: book.isSnapshot ? book.bids : book.asks) {
            write(book.isSnapshot ? "Buy" : "Sell", $0, &$1)
        }
        text.append("]}")
    }

    /// A number for each price.
    private static func id(of price: FixedDecimal) -> Int64 {
        price.mantissa(atScale: 8) ?? price.mantissa
    }

    // MARK: - Trades and forced orders

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin(.trades, message.isSnapshot ? .partial : .insert, message.symbol, "", &text)
        text.append(list: message.trades) { trade, text in
            text.append(#"{"timestamp":""#, FrameTime(trade.exchangeTime, digits: 3))
            text.append(#"","symbol":""#, message.symbol, #"","side":""#, Self.word(trade.side))
            text.append(#"","size":"#, trade.size, #","price":"#, trade.price)
            text.append(#","tickDirection":"ZeroPlusTick","trdMatchID":""#, trade.id.description)
            text.append(#"","trdType":"Regular"}"#)
        }
        text.append("]}")
    }

    private static func word(_ side: Side) -> String { side == .buy ? "Buy" : "Sell" }

    func append(_ message: LiquidationMessage, to text: inout FrameWriter) {
        let forced = message.liquidation
        begin(.liquidations, forced.isSnapshot ? .partial : .insert, message.symbol, #""orderID""#, &text)
        text.append(#"{"orderID":""#, BitMEXSimulation.identifier(of: forced.exchangeTime, 9))
        text.append(#"","symbol":""#, message.symbol, #"","side":""#, Self.word(forced.side))
        text.append(#"","price":"#, forced.price, #","leavesQty":"#, forced.size, "}]}")
    }

    // MARK: - Tickers

    /// The row of an instrument, or what of it has changed.
    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        begin(.instruments, ticker.isSnapshot ? .partial : .update, ticker.symbol, #""symbol""#, &text)
        text.append(#"{"symbol":""#, ticker.symbol, #"",""#)
        if let funding = ticker.funding {
            text.append(#"fundingRate":"#, funding.rate, #",""#)
            if let next = funding.nextFundingTime {
                text.append(#"fundingTimestamp":""#, FrameTime(next, digits: 3), #"",""#)
            }
            if let hours = funding.intervalHours?.mantissa(atScale: 0) {
                let end = BitMEXTicker.epoch + hours * 3_600 * UnixTime.second
                text.append(#"fundingInterval":""#, FrameTime(end, digits: 3), #"",""#)
            }
        }
        text.append(#"bidPrice":"#, ticker.bid, #","askPrice":"#, ticker.ask)
        if let interest = ticker.interest { text.append(#","openInterest":"#, interest.openInterest) }
        text.append(#","markPrice":"#, ticker.markPrice)
        text.append(#","timestamp":""#, FrameTime(ticker.time, digits: 3), #""}]}"#)
    }

    // MARK: - Answers

    /// Of one topic.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        let (word, topics) = (answer.operation.rawValue, answer.topics.map { BitMEX().name(of: $0) })
        text.append(#"{"success":true,"\#(word)":\#((topics.first ?? "").jsonLiteral),"#)
        text.append(#""request":{"op":"\#(word)","args":\#(topics.jsonList)}}"#)
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) { text.append("pong") }

    func appendGreeting(to text: inout FrameWriter) {
        text.append(#"{"info":"Welcome to the BitMEX Realtime API.","version":"2.0.0","#)
        text.append(#""docs":"https://www.bitmex.com/app/wsAPI","heartbeatEnabled":false}"#)
    }
}
