import MarketModel

/// Writes what OKX sends.
struct OKXEncoder: FrameEncoder {
    // MARK: - Books

    func append(_ book: BookMessage, to text: inout FrameWriter) {
        let topic = Subscription(.book, symbol: book.symbol, depth: book.depth)
        // The best levels come whole each time.
        let isWhole = book.depth == 1 || book.depth == 5
        begin(topic, &text)
        if !isWhole { text.append(#""action":""#, book.isSnapshot ? "snapshot" : "update", #"","#) }
        text.append(#""data":[{"asks":["#)
        text.append(list: book.asks, write)
        text.append(#"],"bids":["#)
        text.append(list: book.bids, write)
        text.append(#"],"ts":""#, book.exchangeTime / UnixTime.millisecond)
        // A signed number.
        let checksum = Int64(Int32(bitPattern: book.checksum))
        if !isWhole { text.append(#"","checksum":"#, checksum, #","seqId":"#, book.updateID) }
        if isWhole { text.append(#"","seqId":"#, book.updateID) }
        let previous = book.isSnapshot ? -1 : book.link?.previous ?? book.updateID - 1
        if !isWhole { text.append(#","prevSeqId":"#, previous) }
        text.append("}]}")
    }

    /// How many orders there are at a price nobody simulates.
    private func write(_ level: PriceLevel, _ text: inout FrameWriter) {
        let isDeleted = level.size.isZero
        text.append(#"[""#, level.price, #"",""#, isDeleted ? .zero : level.size, #"","0",""#)
        text.append(isDeleted ? "0" : "1", #""]"#)
    }

    /// Up to the data.
    private func begin(_ topic: Subscription, _ text: inout FrameWriter) {
        text.append(#"{"arg":"#, OKX.argument(of: topic), ",")
    }

    // MARK: - Trades and liquidations

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        begin(Subscription(.trades, symbol: message.symbol), &text)
        text.append(#""data":["#)
        text.append(list: Array(message.trades.indices)) { index, text in
            let trade = message.trades[index]
            let count = message.fills.isEmpty ? 1 : message.fills[index].count
            text.append(#"{"instId":""#, message.symbol, #"","tradeId":""#, trade.id.description)
            text.append(#"","px":""#, trade.price, #"","sz":""#, trade.size)
            text.append(#"","side":""#, trade.side == .buy ? "buy" : "sell")
            text.append(#"","ts":""#, trade.exchangeTime / UnixTime.millisecond)
            text.append(#"","count":""#, Int64(count), #"","source":"0"}"#)
        }
        text.append("]}")
    }

    func append(_ message: LiquidationMessage, to text: inout FrameWriter) {
        let forced = message.liquidation
        let type = OKXInstrumentType(ofSymbol: message.symbol).word
        let family = message.symbol.split(separator: "-").prefix(2).joined(separator: "-")
        begin(Subscription(.liquidations, symbol: type), &text)
        text.append(#""data":[{"details":[{"bkLoss":"0","bkPx":""#, forced.price)
        text.append(#"","ccy":"","posSide":""#, forced.side == .buy ? "short" : "long")
        text.append(#"","side":""#, forced.side == .buy ? "buy" : "sell", #"","sz":""#, forced.size)
        text.append(#"","ts":""#, forced.exchangeTime / UnixTime.millisecond)
        text.append(#""}],"instFamily":""#, family, #"","instId":""#, message.symbol)
        text.append(#"","instType":""#, type, #"","uly":""#, family, #""}]}"#)
    }

    // MARK: - Funding and open interest

    func parts(of ticker: TickerMessage) -> [TickerMessage] {
        var (funding, interest) = (ticker, ticker)
        (funding.interest, interest.funding) = (nil, nil)
        return (ticker.funding == nil ? [] : [funding]) + (ticker.interest == nil ? [] : [interest])
    }

    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        let type = OKXInstrumentType(ofSymbol: ticker.symbol).word
        let time = ticker.time / UnixTime.millisecond
        if let funding = ticker.funding {
            begin(Subscription(.fundingRates, symbol: ticker.symbol), &text)
            let due = funding.nextFundingTime ?? 0
            let hours = funding.intervalHours?.mantissa(atScale: 0) ?? 0
            let next = hours > 0 ? "\((due + hours * OKX.hour) / UnixTime.millisecond)" : ""
            text.append(#""data":[{"fundingRate":""#, funding.rate, #"","fundingTime":""#)
            text.append(due / UnixTime.millisecond, #"","instId":""#, ticker.symbol)
            text.append(#"","instType":""#, type, #"","nextFundingRate":"","nextFundingTime":""#, next)
            text.append(#"","ts":""#, time, #""}]}"#)
        } else if let interest = ticker.interest {
            begin(Subscription(.openInterest, symbol: ticker.symbol), &text)
            text.append(#""data":[{"instId":""#, ticker.symbol, #"","instType":""#, type)
            text.append(#"","oi":""#, interest.openInterest)
            if let value = interest.value { text.append(#"","oiUsd":""#, value) }
            text.append(#"","ts":""#, time, #""}]}"#)
        }
    }

    // MARK: - Answers

    /// Of one topic.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        guard let topic = answer.topics.first else { return }
        if answer.id.isEmpty { text.append("{") } else { text.append(#"{"id":\#(answer.id.jsonLiteral),"#) }
        text.append(#""event":"\#(answer.operation.rawValue)","arg":\#(OKX.argument(of: topic)),"#)
        if answer.isTimed { text.append(#""ts":"\#(answer.time / UnixTime.millisecond)","#) }
        text.append(#""connId":"\#(answer.connection)"}"#)
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) { text.append("pong") }
}
