import Features
import MarketModel
import OrderBooks
import Rows
import Synchronizer

/// Makes rows of the synchronizer's snapshots for a sink.
struct SnapshotReducer {
    let sink: any RowSink
    var builder = AggregateBuilder()
    /// The instruments by index; kept equal to the batch's table.
    var instruments: [Instrument] = []
    /// Whether the sink gets the current frame's events.
    var wantsEvents = false
    /// Whether the data have ended.
    var isAtEnd = false
    /// What the sink threw; it gets no more rows and events then.
    var failure: (any Error)?

    /// The row that snapshots are lent to, and whose instrument it has.
    private var row: Row
    private var rowIndex: InstrumentIndex?

    init(_ sink: any RowSink) {
        self.sink = sink
        let none = Instrument(exchange: "", market: .spot, symbol: "")
        let aggregate = MarketAggregate(instrument: InstrumentIndex(0), ts: 0, tsAvailable: 0)
        row = Row(MarketSnapshot(), aggregate, of: none)
    }

    /// Makes a row of a snapshot, which is lent to it meanwhile: a copy would retain its lists.
    mutating func reduce(_ snapshot: inout MarketSnapshot) {
        guard failure == nil else { return }
        if rowIndex != snapshot.instrument {
            rowIndex = snapshot.instrument
            row.instrument = instruments[snapshot.instrument.position]
        }
        swap(&row.snapshot, &snapshot)
        row.aggregate = builder.aggregate(row.snapshot, market: row.instrument.market)
        row.isFinal = isAtEnd
        do { try sink.write(row) } catch { failure = error }
        swap(&row.snapshot, &snapshot)
    }

    func reanchored(_ jump: ClockJump) {
        sink.received(.reanchored(jump, of: instruments[jump.instrument.position]))
    }

    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) throws {
        if failure == nil { try sink.applied(event, of: batch, books: books) }
    }

    /// Reports a book that became gapped; `time` is a receive time.
    func gapped(_ instrument: InstrumentIndex, _ cause: GapCause, at time: Int64, on connection: Int32) {
        let gap = BookGap(cause: cause, receiveTime: time, connection: connection)
        sink.received(.gapped(gap, of: instruments[instrument.position]))
    }
}
