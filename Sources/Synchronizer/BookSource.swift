public import MarketModel
import OrderBooks

/// Where the synchronizer reads books from: whoever applies the messages.
public protocol BookSource {
    /// Fills state, crossing, the totals over the best `depth` levels a side of an instrument's book, and if
    /// wanted those levels, into `view`, reusing its memory.
    ///
    /// Of a book that is not synced only the state matters. Mutating, though nothing changes: a book is read where it
    /// lies, and would otherwise be copied.
    mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    )
    /// The market of an instrument: it says in what unit sizes are. Asked only where bars count volume or
    /// notional.
    func market(of instrument: InstrumentIndex) -> Market
}
