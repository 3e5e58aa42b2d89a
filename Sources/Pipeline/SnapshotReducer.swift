import Features
import MarketModel
import OrderBooks
import Synchronizer

/// Reduces the synchronizer's snapshots to aggregates for the consumer.
struct SnapshotReducer {
    let consumer: any RowConsumer
    var builder: AggregateBuilder
    /// The instruments by index; kept equal to the batch's table.
    var instruments: [Instrument] = []
    /// Whether the consumer gets the current frame's events.
    var wantsEvents = false

    mutating func reduce(_ snapshot: borrowing MarketSnapshot) {
        let instrument = instruments[snapshot.instrument.position]
        let aggregate = builder.aggregate(snapshot, market: instrument.market)
        consumer.consume(snapshot, aggregate, of: instrument)
    }

    func reanchored(_ jump: ClockJump) {
        consumer.reanchored(jump, of: instruments[jump.instrument.position])
    }

    func applied(_ event: EventReference, of batch: borrowing EventBatch, books: borrowing BookTable) {
        consumer.applied(event, of: batch, books: books)
    }

    /// Reports a book that became gapped; `time` is a receive time.
    func gapped(_ instrument: InstrumentIndex, _ cause: GapCause, at time: Int64, on connection: Int32) {
        let gap = BookGap(cause: cause, receiveTime: time, connection: connection)
        consumer.gapped(gap, of: instruments[instrument.position])
    }
}
