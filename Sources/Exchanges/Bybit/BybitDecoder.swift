package import MarketModel

/// Decodes one connection of Bybit v5's public WebSocket; the facts are in `WIRE.md` beside this file.
package struct BybitDecoder: FrameDecoder {
    let market: Market
    let venue: VenueIndex
    /// Whether known shapes take the fast path; off, the tolerant reading does everything.
    package var usesFastPath = true
    var tickers: [BybitTicker] = []
    var subscriptions = BybitSubscriptions()

    package init(market: Market, venue: VenueIndex) {
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
        return decodeTolerantly(frame, receiveTime, &batch)
    }

    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {
        subscriptions.sent(frame)
    }

    package mutating func connectionReset() {
        tickers.removeAll(keepingCapacity: true)
        subscriptions = BybitSubscriptions()
    }
}
