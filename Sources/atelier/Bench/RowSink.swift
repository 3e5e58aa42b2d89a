import Features
import MarketFiles
import MarketModel
import Pipeline
import Replay
import Synchronizer

/// Discards the rows of a whole replay.
final class RowSink: ReplayConsumer {
    var failure: (any Error)? { nil }
    var wantsLevels: Bool { false }

    func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) {}
}
