import Features
import MarketModel
import OrderBooks
import Synchronizer

/// Turns the synchronizer's snapshots into aggregates on their way to the consumer.
struct SnapshotReducer: EventConsumer {
    let consumer: any RowConsumer
    var builder: AggregateBuilder
    /// The instruments by their index; kept in step with the batch's table.
    var instruments: [Instrument] = []
    /// Whether the consumer hears of the events of the frame at hand.
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

    /// Tells of a book that became gapped; `time` is a receive time.
    func gapped(_ instrument: InstrumentIndex, _ cause: GapCause, at time: Int64, on connection: Int32) {
        let gap = BookGap(cause: cause, receiveTime: time, connection: connection)
        consumer.gapped(gap, of: instruments[instrument.position])
    }
}
