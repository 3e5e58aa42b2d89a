public import MarketModel
public import Rows
import Synchronization

/// Rows and events for readers in this process, through bounded topics.
///
/// Rows: `rows.<exchange>.<market>.<symbol>`, or `rows` for all. Events likewise: `trade.…`, `book.…`,
/// `liquidation.…`, `funding.…` and `interest.…`. A slow reader loses its oldest values, which are counted.
public final class ChannelSink: RowSink, Sendable {
    private struct Reader<Value: Sendable> {
        var topic: String
        var continuation: AsyncStream<Value>.Continuation
    }

    private struct State {
        var rows: [Reader<Row>] = []
        var events: [Reader<LiveEvent>] = []
        var dropped: UInt64 = 0
        var isOver = false
    }

    private let capacity: Int
    private let state = Mutex(State())
    /// Events, for readers that may be added later; no levels.
    public let wants: RowNeeds = .events

    /// Makes a sink whose readers hold at most `capacity` values each.
    public init(capacity: Int = 1024) { self.capacity = max(capacity, 1) }

    /// `channel`.
    public var name: String { "channel" }

    /// Readers and losses.
    public var status: String {
        state.withLock { state in
            "\(state.rows.count + state.events.count) readers, \(state.dropped) values lost to slow ones"
        }
    }

    /// Rows and events lost by slow readers.
    public var dropped: UInt64 { state.withLock(\.dropped) }

    // MARK: - Readers

    /// Rows of a topic from now on; of all instruments by default.
    public func rows(_ topic: String = "rows") -> AsyncStream<Row> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Row.self,
            bufferingPolicy: .bufferingNewest(capacity)
        )
        let isOver = state.withLock { state in
            if !state.isOver { state.rows.append(Reader(topic: topic, continuation: continuation)) }
            return state.isOver
        }
        if isOver { continuation.finish() }
        return stream
    }

    /// Events of a topic from now on, `trade.<exchange>.<market>.<symbol>`; `trade` for all instruments.
    public func events(_ topic: String) -> AsyncStream<LiveEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: LiveEvent.self,
            bufferingPolicy: .bufferingNewest(capacity)
        )
        let isOver = state.withLock { state in
            if !state.isOver { state.events.append(Reader(topic: topic, continuation: continuation)) }
            return state.isOver
        }
        if isOver { continuation.finish() }
        return stream
    }

    // MARK: - Values

    /// Passes a row to the readers of its topics.
    public func write(_ row: borrowing Row) {
        let row = copy row
        state.withLock { state in
            guard !state.rows.isEmpty else { return }
            state.dropped += Self.hand(row, "rows", row.instrument, to: &state.rows)
        }
    }

    /// Passes an event to the readers of its topics.
    public func write(_ event: LiveEvent, of instrument: Instrument) {
        state.withLock { state in
            guard !state.events.isEmpty else { return }
            state.dropped += Self.hand(event, event.topic, instrument, to: &state.events)
        }
    }

    /// Passes a value to readers and removes those that are gone; returns how many values were lost.
    private static func hand<Value>(
        _ value: Value,
        _ kind: String,
        _ instrument: Instrument,
        to readers: inout [Reader<Value>]
    ) -> UInt64 {
        let topic = "\(kind).\(instrument.exchange).\(instrument.market.rawValue).\(instrument.symbol)"
        var dropped: UInt64 = 0
        readers.removeAll { reader in
            guard reader.topic == kind || reader.topic == topic else { return false }
            switch reader.continuation.yield(value) {
            case .dropped: dropped += 1
            case .terminated: return true
            default: break
            }
            return false
        }
        return dropped
    }

    /// Ends all streams.
    public func finish() -> SinkReceipt {
        state.withLock { state in
            for reader in state.rows { reader.continuation.finish() }
            for reader in state.events { reader.continuation.finish() }
            (state.rows, state.events) = ([], [])
            state.isOver = true
        }
        return SinkReceipt()
    }
}
