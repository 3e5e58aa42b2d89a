public import MarketModel
import OrderBooks

/// Whom a synchronizer works for: it owns the books that rows show, and is given the rows.
public protocol SynchronizerHost {
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
    /// Called once per row, in the order of emission; its memory is reused after the call.
    mutating func emit(_ row: borrowing MarketSnapshot)
    /// Called when a clock jumped further than gaps are filled.
    mutating func reanchored(_ jump: ClockJump)
}
