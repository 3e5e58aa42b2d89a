public import Features
public import MarketModel
import Synchronization
public import Synchronizer

/// A row with the instrument it is of.
public struct LiveRow: Sendable, Equatable {
    /// The instrument.
    public var instrument: Instrument
    /// The row.
    public var aggregate: MarketAggregate
}

/// Rows for readers in this process: bounded topics `rows.<exchange>.<market>.<symbol>`, and all of them as
/// `rows`.
///
/// A reader that is too slow loses its oldest rows, and they are counted.
public final class ChannelSink: Sink, Sendable {
    private struct Reader {
        var topic: String
        var continuation: AsyncStream<LiveRow>.Continuation
    }

    private struct State {
        var readers: [Reader] = []
        var dropped: UInt64 = 0
        var isOver = false
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Makes a sink whose readers hold at most `capacity` rows each.
    public init(capacity: Int = 1024) { self.capacity = max(capacity, 1) }

    /// `channel`.
    public var name: String { "channel" }

    /// Readers and losses.
    public var status: String {
        state.withLock { "\($0.readers.count) readers, \($0.dropped) rows lost to slow ones" }
    }

    /// Rows that readers were too slow for.
    public var dropped: UInt64 { state.withLock(\.dropped) }

    /// Rows of a topic from now on; of all instruments by default.
    public func rows(_ topic: String = "rows") -> AsyncStream<LiveRow> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: LiveRow.self,
            bufferingPolicy: .bufferingNewest(capacity)
        )
        let isOver = state.withLock { state in
            if !state.isOver { state.readers.append(Reader(topic: topic, continuation: continuation)) }
            return state.isOver
        }
        if isOver { continuation.finish() }
        return stream
    }

    /// Hands a row to the readers of its topics.
    public func write(
        _ snapshot: borrowing MarketSnapshot,
        _ row: MarketAggregate,
        of instrument: Instrument
    ) throws(SinkError) {
        let value = LiveRow(instrument: instrument, aggregate: row)
        let topic = "rows.\(instrument.exchange).\(instrument.market.rawValue).\(instrument.symbol)"
        state.withLock { state in
            state.readers.removeAll { reader in
                guard reader.topic == "rows" || reader.topic == topic else { return false }
                switch reader.continuation.yield(value) {
                case .dropped: state.dropped += 1
                case .terminated: return true
                default: break
                }
                return false
            }
        }
    }

    /// Ends all streams.
    public func finish() throws(SinkError) {
        state.withLock { state in
            for reader in state.readers { reader.continuation.finish() }
            state.readers.removeAll()
            state.isOver = true
        }
    }
}
