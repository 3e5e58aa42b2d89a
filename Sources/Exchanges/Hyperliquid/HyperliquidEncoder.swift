import MarketModel

/// Writes what Hyperliquid sends.
struct HyperliquidEncoder: FrameEncoder {
    private func milliseconds(_ time: Int64) -> Int64 { time / UnixTime.millisecond }

    // MARK: - Books

    /// All books are whole.
    func append(_ book: BookMessage, to text: inout FrameWriter) {
        text.append(#"{"channel":"l2Book","data":{"coin":""#, book.symbol)
        text.append(#"","time":"#, milliseconds(book.exchangeTime), #","levels":[["#)
        text.append(list: book.bids, write)
        text.append("],[")
        text.append(list: book.asks, write)
        text.append(book.depth == Hyperliquid.fastDepth ? #"]],"fast":true}}"# : "]]}}")
    }

    private func write(_ level: PriceLevel, _ text: inout FrameWriter) {
        text.append(#"{"px":""#, level.price, #"","sz":""#, level.size, #"","n":1}"#)
    }

    // MARK: - Trades

    /// The addresses are nobody's.
    private static let parties =
        #"["0x0000000000000000000000000000000000000001","0x0000000000000000000000000000000000000002"]}"#
    private static let hash = "0x" + String(repeating: "0", count: 64)

    func append(_ message: TradeMessage, to text: inout FrameWriter) {
        text.append(#"{"channel":"trades","data":["#)
        text.append(list: message.trades) { trade, text in
            text.append(#"{"coin":""#, message.symbol, #"","side":""#, trade.side == .buy ? "B" : "A")
            text.append(#"","px":""#, trade.price, #"","sz":""#, trade.size)
            text.append(#"","time":"#, milliseconds(trade.exchangeTime), #","hash":""#, Self.hash)
            text.append(#"","tid":"#, trade.id.description, #","users":"#, Self.parties)
        }
        text.append("]}")
    }

    // MARK: - Contexts

    /// Nothing of pairs, which have neither funding nor interest.
    func append(_ ticker: TickerMessage, to text: inout FrameWriter) {
        guard Hyperliquid().market(ofSymbol: ticker.symbol) != .spot else { return }
        text.append(#"{"channel":"activeAssetCtx","data":{"coin":""#, ticker.symbol, #"","ctx":{"funding":""#)
        if let rate = ticker.funding?.rate { text.append(rate) }
        text.append(#"","openInterest":""#)
        if let interest = ticker.interest?.openInterest { text.append(interest) }
        text.append(#"","prevDayPx":""#, ticker.bid, #"","dayNtlVlm":"0.0","premium":"0.0""#)
        text.append(#","oraclePx":""#, ticker.markPrice, #"","markPx":""#, ticker.markPrice)
        text.append(#"","midPx":""#, ticker.markPrice, #"","impactPxs":[""#, ticker.bid)
        text.append(#"",""#, ticker.ask, #""],"dayBaseVlm":"0.0"}}}"#)
    }

    // MARK: - Answers

    /// One for each topic: of several the first alone is written.
    func append(_ answer: Acknowledgement, to text: inout FrameWriter) {
        guard let topic = answer.topics.first else { return }
        text.append(Self.confirmation(answer.operation, HyperliquidTopic(topic)))
    }

    static func confirmation(_ operation: SubscriptionOperation, _ topic: HyperliquidTopic) -> String {
        #"{"channel":"subscriptionResponse","data":{"method":"\#(operation.rawValue)","#
            + #""subscription":\#(topic.confirmedText)}}"#
    }

    func append(_ sign: SignOfLife, to text: inout FrameWriter) { text.append(#"{"channel":"pong"}"#) }
}
