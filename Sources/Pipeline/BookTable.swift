public import MarketModel
public import OrderBooks
public import Synchronizer

/// The books of all instruments, by ``InstrumentIndex``.
public struct BookTable: Sendable {
    /// A keeper an instrument.
    public internal(set) var keepers: [BookKeeper] = []

    private var markets: [Market] = []

    mutating func admit(_ instruments: [Instrument]) {
        for instrument in instruments.dropFirst(keepers.count) {
            keepers.append(BookKeeper())
            markets.append(instrument.market)
        }
    }
}

extension BookTable: BookSource {
    /// The market an instrument was seen on.
    public func market(of instrument: InstrumentIndex) -> Market {
        instrument.position < markets.count ? markets[instrument.position] : .linear
    }

    /// Copies state, crossing and the best levels of an instrument's book.
    public func capture(_ instrument: InstrumentIndex, depth: Int, into view: inout BookView) {
        view.bids.removeAll(keepingCapacity: true)
        view.asks.removeAll(keepingCapacity: true)
        guard instrument.position < keepers.count else {
            view.state = .awaitingSnapshot
            return
        }
        // A span reads the book where it lies; a subscript of the array would copy the whole keeper.
        let keepers = keepers.span
        view.state = keepers[instrument.position].book.state
        view.isCrossed = keepers[instrument.position].book.isCrossed
        guard view.state == .synced else { return }
        keepers[instrument.position].book.copyBids(depth, into: &view.bids)
        keepers[instrument.position].book.copyAsks(depth, into: &view.asks)
    }
}
