import Features
import MarketFiles
import MarketModel
import OrderBooks
import Pipeline
import Replay
import Synchronizer

/// A host of real books that reduces rows to aggregates and writes them, each timed.
struct TimedHost: FrameHost {
    private var books: BookTable
    private var builder: AggregateBuilder
    private let instruments: [Instrument]
    private let writer: MarketFileWriter
    private(set) var aggregating: UInt64 = 0
    private(set) var writing: UInt64 = 0
    private(set) var failure: (any Error)?

    init(books: BookTable, instruments: [Instrument], writer: MarketFileWriter) {
        self.books = books
        builder = AggregateBuilder()
        self.instruments = instruments
        self.writer = writer
    }

    mutating func emit(_ snapshot: borrowing MarketSnapshot) {
        let instrument = instruments[snapshot.instrument.position]
        let start = MonotonicTime.now()
        let aggregate = builder.aggregate(snapshot, market: instrument.market)
        let middle = MonotonicTime.now()
        do { try writer.write(snapshot, aggregate, of: instrument) } catch { failure = failure ?? error }
        aggregating += MonotonicTime.elapsed(start, middle)
        writing += MonotonicTime.elapsed(middle, MonotonicTime.now())
    }

    func reanchored(_ jump: ClockJump) {}

    mutating func accept(_ update: BookUpdate, on connection: Int32) -> Bool {
        books.accept(update, on: connection)
    }

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

    /// Completes the files; returns the time taken, nanoseconds.
    func finish() throws -> UInt64 {
        if let failure { throw failure }
        let start = MonotonicTime.now()
        _ = try writer.finish()
        return MonotonicTime.elapsed(start, MonotonicTime.now())
    }
}
