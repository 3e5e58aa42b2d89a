import MarketModel

/// Writes what Kraken Futures sends.
struct KrakenFuturesEncoder: FrameEncoder {
    // MARK: - Books

    /// A whole book, or the level that changed.
    func append(_ book: BookMessage, to text: inout FrameWriter) {
        let time = book.exchangeTime / UnixTime.millisecond
        if book.isSnapshot {
            text.append(#"{"feed":"book_snapshot","product_id":""#, book.symbol, #"","timestamp":"#, time)
            text.append(#","seq":"#, book.updateID, #","tickSize":null,"bids":["#)
            text.append(list: book.bids, write)
            text.append(#"],"asks":["#)
            text.append(list: book.asks, write)
            text.append("]}")
        } else if let level = book.bids.first ?? book.asks.first {
            text.append(#"{"feed":"book","product_id":""#, book.symbol)
            text.append(#"","side":""#, book.bids.isEmpty ? "sell" : "buy", #"","seq":"#, book.updateID)
            text.append(#","price":"#, level.price, #","qty":"#, level.size)
            text.append(#","timestamp":"#, time, "}")
        }
    }

    private func write(_ level: PriceLevel, _ text: inout FrameWriter) {
        text.append(#"{"price":"#, level.price, #","qty":"#, level.size, "}")
    }

    // MARK: - Trades

    /// A trade, or the list of the last ones, the newest first.
    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        guard message.isSnapshot else {
            if let trade = message.trades.first { write(trade, of: message, &text) }
            return
        }
        text.append(#"{"feed":"trade_snapshot","product_id":""#, message.symbol, #"","trades":["#)
        text.append(list: message.trades.reversed()) { write($0, of: message, &$1) }
        text.append("]}")
    }

    private func write(_ trade: Trade, of message: TradeMessage, _ text: inout FrameWriter) {
        text.append(#"{"feed":"trade","product_id":""#, message.symbol, #"","uid":""#, trade.id.description)
        text.append(#"","side":""#, trade.side == .buy ? "buy" : "sell")
        text.append(#"","type":""#, message.isLiquidation ? "liquidation" : "fill")
        text.append(#"","seq":"#, KrakenFuturesSimulation.number(of: trade.id))
        text.append(#","time":"#, trade.exchangeTime / UnixTime.millisecond)
        text.append(#","qty":"#, trade.size, #","price":"#, trade.price, "}")
    }

    // MARK: - Tickers

    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        text.append(#"{"time":"#, ticker.time / UnixTime.millisecond)
        text.append(#","product_id":""#, ticker.symbol, #"","#)
        if let funding = ticker.funding {
            text.append(#""relative_funding_rate":"#, funding.rate, #","next_funding_rate_time":"#)
            text.append((funding.nextFundingTime ?? 0) / UnixTime.millisecond, ",")
        }
        text.append(#""feed":"ticker","bid":"#, ticker.bid, #","ask":"#, ticker.ask)
        if let interest = ticker.interest { text.append(#","openInterest":"#, interest.openInterest) }
        text.append(#","markPrice":"#, ticker.markPrice, "}")
    }

    // MARK: - Answers

    /// Of the products of one feed.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        let feed = KrakenFutures.channels.first { $0.kinds == answer.topics.first?.kinds }?.name ?? ""
        text.append(#"{"event":"\#(answer.operation.rawValue)d","feed":"\#(feed)","#)
        text.append(#""product_ids":\#(answer.topics.map { $0.symbol.uppercased() }.jsonList)}"#)
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) {
        text.append(#"{"feed":"heartbeat","time":"#, sign.now / UnixTime.millisecond, "}")
    }

    func appendGreeting(to text: inout FrameWriter) { text.append(#"{"event":"info","version":1}"#) }
}
