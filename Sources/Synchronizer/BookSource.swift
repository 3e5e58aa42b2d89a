public import MarketModel
import OrderBooks

/// The books that the synchronizer reads, owned by whoever applies the messages.
public protocol BookSource {
    /// Fills state, crossing, the totals over the best `depth` levels a side of an instrument's book, and if
    /// wanted those levels, into `view`, reusing its memory.
    ///
    /// Of a book that is not synced only the state matters. `mutating` avoids a copy of the book; nothing
    /// changes.
    mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    )
    /// The market of an instrument, which decides the unit of sizes; needed only for bars of volume or
    /// notional.
    func market(of instrument: InstrumentIndex) -> Market
}
