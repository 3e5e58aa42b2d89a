import Features
import MarketModel
import Synchronizer

/// Turns the synchronizer's snapshots into aggregates on their way to the consumer.
struct SnapshotReducer: SnapshotConsumer {
    let consumer: any RowConsumer
    var builder: AggregateBuilder
    /// The instruments by their index; kept in step with the batch's table.
    var instruments: [Instrument] = []

    mutating func consume(_ snapshot: inout MarketSnapshot) {
        let instrument = instruments[snapshot.instrument.position]
        let aggregate = builder.aggregate(snapshot, market: instrument.market)
        consumer.consume(snapshot, aggregate, of: instrument)
    }

    mutating func reanchored(_ jump: ReAnchor) {
        consumer.reanchored(jump, of: instruments[jump.instrument.position])
    }
}
