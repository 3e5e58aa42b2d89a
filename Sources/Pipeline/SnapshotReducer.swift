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
    /// Whether the sink gets events.
    let wantsEvents: Bool
    /// Whether the data have ended.
    var isAtEnd = false
    /// What the sink threw; it gets no more rows and events then.
    var failure: (any Error)?

    init(_ sink: any RowSink) {
        self.sink = sink
        wantsEvents = sink.wants.contains(.events)
    }

    /// Makes a row of a snapshot for the sink.
    mutating func reduce(_ snapshot: borrowing MarketSnapshot) {
        guard failure == nil else { return }
        let instrument = instruments[snapshot.instrument.position]
        let aggregate = builder.aggregate(snapshot, market: instrument.market)
        do { try sink.write(Row(copy snapshot, aggregate, of: instrument, isFinal: isAtEnd)) } catch {
            failure = error
        }
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
