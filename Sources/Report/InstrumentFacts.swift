/// The facts about one instrument.
package struct InstrumentFacts: Sendable {
    /// `exchange/market/symbol`.
    package var name: String
    /// What was collected of its rows.
    package var tally: InstrumentTally
    /// When its book was wrong.
    package var gaps = GapTally()
    /// Trades, without duplicates and snapshot lists.
    package var trades = 0
    /// The state of its book at the end.
    package var bookState = ""
    /// Levels of bids and asks at the end.
    package var levels = (bids: 0, asks: 0)
    /// The best bid's price and size at the end, as the venue wrote them.
    package var bestBid: (price: String, size: String)?
    /// The best ask's.
    package var bestAsk: (price: String, size: String)?
    /// Messages after which the synced book was crossed.
    package var crossedSeen = 0

    /// An instrument and its rows.
    package init(name: String, tally: InstrumentTally) {
        (self.name, self.tally) = (name, tally)
    }
}
