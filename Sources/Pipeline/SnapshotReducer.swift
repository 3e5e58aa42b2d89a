import Features
import MarketModel
import OrderBooks
import Synchronizer

/// Reduces the synchronizer's snapshots to aggregates for the consumer.
struct SnapshotReducer: EventConsumer {
    let consumer: any RowConsumer
    var builder: AggregateBuilder
    /// The instruments by index; kept equal to the batch's table.
    var instruments: [Instrument] = []
    /// Whether the consumer gets the current frame's events.
    var wantsEvents = false

    mutating func consume(_ snapshot: inout MarketSnapshot) {
        let instrument = instruments[snapshot.instrument.position]
        let aggregate = builder.aggregate(snapshot, market: instrument.market)
        consumer.consume(snapshot, aggregate, of: instrument)
    }

    mutating func reanchored(_ jump: ClockJump) {
        consumer.reanchored(jump, of: instruments[jump.instrument.position])
    }

    mutating func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {
        consumer.applied(event, of: batch, books: books)
    }

    mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32) {
        gapped(update.instrument, cause, at: update.receiveTime, on: connection)
    }

    /// Reports a book that became gapped; `time` is a receive time.
    func gapped(_ instrument: InstrumentIndex, _ cause: GapCause, at time: Int64, on connection: Int32) {
        let gap = BookGap(cause: cause, receiveTime: time, connection: connection)
        consumer.gapped(gap, of: instruments[instrument.position])
    }
}
