package import MarketModel

/// Decodes one connection of Bybit v5's public WebSocket; the facts are in `WIRE.md` beside this file.
package struct BybitDecoder: FrameDecoder {
    let market: Market
    let venue: VenueIndex
    /// Whether known shapes take the fast path; off, the tolerant reading does everything.
    let usesFastPath: Bool
    var tickers: [BybitTicker] = []
    var topics = FastNames<BybitTopicMeaning>()
    var symbols = FastNames<BybitSymbol>()
    var subscriptions = BybitSubscriptions()
    var subscribed = SubscribedSymbols()

    package init(market: Market, venue: VenueIndex, usesFastPath: Bool = true) {
        self.usesFastPath = usesFastPath
        self.market = market
        self.venue = venue
    }

    package var sequences: (verified: Int, broken: Int) { (0, 0) }

    package mutating func decode(
        _ frame: RawSpan,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        batch.frameTime = nil
        if usesFastPath, decodeFast(frame, receiveTime, &batch) { return .decoded }
        return decodeTolerantly(frame, receiveTime, &batch)
    }

    /// Decodes a message of a known shape; false, and nothing changed, if it is another.
    @inline(__always)
    mutating func decodeFast(
        _ frame: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        frame.withUnsafeBytes { bytes in
            var cursor = FastCursor(bytes)
            guard cursor.take(#"{"topic":""#) else { return false }
            if cursor.take("orderbook.") { return decodeBookFast(&cursor, receiveTime, &batch) }
            if cursor.take("tickers.") { return decodeTickerFast(&cursor, receiveTime, &batch) }
            if cursor.take("publicTrade.") {
                return decodeTradesFast(&cursor, bytes.bytes, receiveTime, &batch)
            }
            if cursor.take("allLiquidation.") { return decodeLiquidationsFast(&cursor, receiveTime, &batch) }
            return false
        }
    }

    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {
        subscriptions.sent(frame)
    }

    package mutating func restrict(to symbols: SubscribedSymbols) {
        subscribed = symbols
        self.symbols = FastNames()
        topics = FastNames()
    }

    package mutating func connectionReset() {
        tickers.removeAll(keepingCapacity: true)
        subscriptions = BybitSubscriptions()
    }
}
