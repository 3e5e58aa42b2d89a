public import MarketModel
public import OrderBooks
public import Synchronizer

/// The books of all instruments, by ``InstrumentIndex``.
public struct BookTable: Sendable {
    /// A keeper an instrument.
    public internal(set) var keepers: [BookKeeper] = []

    mutating func admit(_ count: Int) {
        while keepers.count < count { keepers.append(BookKeeper()) }
    }
}

extension BookTable: BookSource {
    /// Copies state, crossing and the best levels of an instrument's book.
    public func capture(_ instrument: InstrumentIndex, depth: Int, into view: inout BookView) {
        view.bids.removeAll(keepingCapacity: true)
        view.asks.removeAll(keepingCapacity: true)
        guard instrument.position < keepers.count else {
            view.state = .awaitingSnapshot
            return
        }
        view.state = keepers[instrument.position].book.state
        view.isCrossed = keepers[instrument.position].book.isCrossed
        guard view.state == .synced else { return }
        keepers[instrument.position].book.copyBids(depth, into: &view.bids)
        keepers[instrument.position].book.copyAsks(depth, into: &view.asks)
    }
}
