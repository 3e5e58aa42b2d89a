import Features
import MarketFiles
import MarketModel
import OrderBooks
import Pipeline
import Replay
import Synchronizer

/// Reduces rows to aggregates and writes them, each timed.
struct TimedReducer: EventConsumer {
    typealias Books = BookTable

    private var builder: AggregateBuilder
    private let instruments: [Instrument]
    private let writer: MarketFileWriter
    private(set) var aggregating: UInt64 = 0
    private(set) var writing: UInt64 = 0
    private(set) var failure: (any Error)?

    init(instruments: [Instrument], writer: MarketFileWriter) {
        builder = AggregateBuilder()
        self.instruments = instruments
        self.writer = writer
    }

    mutating func consume(_ snapshot: inout MarketSnapshot) {
        let instrument = instruments[snapshot.instrument.position]
        let start = MonotonicTime.now()
        let aggregate = builder.aggregate(snapshot, market: instrument.market)
        let middle = MonotonicTime.now()
        do { try writer.write(snapshot, aggregate, of: instrument) } catch { failure = failure ?? error }
        aggregating += MonotonicTime.elapsed(start, middle)
        writing += MonotonicTime.elapsed(middle, MonotonicTime.now())
    }

    /// Completes the files; returns the time taken, nanoseconds.
    func finish() throws -> UInt64 {
        if let failure { throw failure }
        let start = MonotonicTime.now()
        _ = try writer.finish()
        return MonotonicTime.elapsed(start, MonotonicTime.now())
    }
}
