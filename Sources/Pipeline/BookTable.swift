public import MarketModel
public import OrderBooks
public import Synchronizer

/// The books of all instruments, by ``InstrumentIndex``.
public struct BookTable: Sendable {
    /// A keeper an instrument.
    public internal(set) var keepers: [BookKeeper] = []

    private var markets: [Market] = []

    /// No books yet.
    package init() {}

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

    /// Copies state, crossing, totals and if wanted the best levels of an instrument's book.
    public mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    ) {
        guard instrument.position < keepers.count else {
            view.state = .awaitingSnapshot
            view.isCrossed = false
            return
        }
        view.take(&keepers[instrument.position].book, depth: depth, content: content)
    }
}
