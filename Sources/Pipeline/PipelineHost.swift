import MarketModel
import OrderBooks
import Synchronizer

/// The synchronizer's host in a pipeline: the books, and the reducer that is given the rows.
struct PipelineHost: FrameHost {
    var books = BookTable()
    var reducer: SnapshotReducer

    var wantsEvents: Bool { reducer.wantsEvents }

    mutating func accept(_ update: BookUpdate, on connection: Int32) -> Bool {
        books.accept(update, on: connection)
    }

    @inline(__always)
    mutating func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        on connection: Int32
    ) -> BookChange { books.apply(update, levels: levels, on: connection) }

    mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    ) { books.capture(instrument, depth: depth, content: content, into: &view) }

    func market(of instrument: InstrumentIndex) -> Market { books.market(of: instrument) }

    mutating func emit(_ row: borrowing MarketSnapshot) { reducer.reduce(row) }

    mutating func reanchored(_ jump: ClockJump) { reducer.reanchored(jump) }

    mutating func applied(_ event: EventReference, of batch: borrowing EventBatch) {
        do { try reducer.applied(event, of: batch, books: books.keepers.span) } catch {
            reducer.failure = error
        }
    }

    mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32) {
        reducer.gapped(update.instrument, cause, at: update.receiveTime, on: connection)
    }
}
