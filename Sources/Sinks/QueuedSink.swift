import ByteCoding
import Dispatch
import Features
import Glibc
public import MarketModel
import OrderBooks
public import Rows
import Synchronization
import Synchronizer

/// A sink behind a bounded queue, on its own thread: nobody waits for it.
///
/// Rows without room are lost and counted; the sink learns of them before the next row.
public final class QueuedSink: RowSink, @unchecked Sendable {
    fileprivate enum Item {
        case row(Row)
        case event(LiveEvent, Instrument)
        case lost(LostRows)
        case flush(Int64)
        case finish
    }

    fileprivate struct State {
        /// Items from `head` on are pending.
        var items: [(item: Item, bytes: Int)?] = []
        var head = 0
        var bytes = 0
        var rows = 0
        var flushes = 0
        var losing: LostRows?
        /// Rows lost for lack of room, and rows that the sink threw at or never got afterwards.
        var lostRows: UInt64 = 0
        var notes: [String] = []
        var failure: SinkError?
        /// The sink's, once it has ended.
        var receipt: SinkReceipt?
        /// The sink's last status and its progress.
        var status = ""
        var sinkLost: UInt64 = 0
        var sinkWaiting: UInt64 = 0
        var steps = 0
    }

    // Used by its own thread only once that runs.
    private let sink: any RowSink
    private let limit: Int
    private let patience: Int
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    /// Its name.
    public let name: String
    /// What the sink needs.
    public let wants: RowNeeds

    /// Queues at most `limit` bytes for a sink, and starts its thread.
    ///
    /// `patience` is how long (milliseconds) to wait at the end for a sink without progress.
    /// - Throws: ``SinkError`` if no thread can be started.
    public init(_ sink: any RowSink, limit: Int = 64 << 20, patience: Int = 10_000) throws(SinkError) {
        (self.sink, self.limit, self.patience) = (sink, limit, patience)
        (name, wants) = (sink.name, sink.wants)
        do throws(ByteCodingError) {
            try WorkerThread.start("the sink \(name)") { [self] in work() }
        } catch {
            throw .failed(sink: sink.name, reason: error.description)
        }
    }

    /// The sink's last status, and what is pending.
    public var status: String {
        state.withLock { state in
            state.status + (state.rows > 0 ? ", \(state.rows) more rows queued" : "")
                + (state.lostRows > 0 ? ", \(state.lostRows) rows lost before it" : "")
        }
    }

    /// Rows lost by the sink, or for lack of room.
    public var lostRows: UInt64 { state.withLock { $0.lostRows + $0.sinkLost } }

    /// Problems, their end, and losses.
    public func drainNotes() -> [String] {
        state.withLock { state in
            defer { state.notes.removeAll() }
            return state.notes
        }
    }

    // MARK: - Into the queue

    /// Queues a copy of a row, or counts it as lost.
    public func write(_ row: borrowing Row) throws(SinkError) {
        let bytes = Self.size(of: row.snapshot)
        let row = copy row
        try enqueue { [name, limit] state in
            guard state.bytes + bytes <= limit else {
                if state.losing == nil {
                    state.notes.append(
                        "\(name): \(limit) bytes of rows wait for it; rows are lost from here on"
                    )
                }
                state.losing = LostRows(after: state.losing, row.aggregate.ts)
                state.lostRows += 1
                return
            }
            state.reportLoss(name)
            state.append(.row(row), bytes)
            state.rows += 1
        }
    }

    /// Queues an event, or drops it for lack of room.
    public func write(_ event: LiveEvent, of instrument: Instrument) throws(SinkError) {
        try enqueue { [limit] state in
            let bytes = Self.size(of: event)
            if state.bytes + bytes <= limit { state.append(.event(event, instrument), bytes) }
        }
    }

    /// Queues a flush, unless one is queued already.
    public func flush(at now: Int64) throws(SinkError) {
        try enqueue { state in
            guard state.flushes == 0 else { return }
            state.append(.flush(now), 0)
            state.flushes += 1
        }
    }

    /// Waits until the sink has handled everything and ended, unless it makes no progress.
    @discardableResult
    public func finish() throws(SinkError) -> SinkReceipt {
        state.withLock { state in
            state.reportLoss(name)
            state.append(.finish, 0)
        }
        wake.signal()
        var (left, before) = (patience, -1)
        while left > 0 {
            let (steps, failure, receipt) = state.withLock { ($0.steps, $0.failure, $0.receipt) }
            if let receipt {
                if let failure { throw failure }
                return receipt
            }
            // A sink reports progress within one item, too.
            let now = steps + sink.steps
            (left, before) = (now == before ? left - 5 : patience, now)
            usleep(5_000)
        }
        throw state.withLock { $0.giveUp(name) }
    }

    private func enqueue(_ body: (inout State) -> Void) throws(SinkError) {
        let failure = state.withLock { state -> SinkError? in
            if state.failure == nil { body(&state) }
            return state.failure
        }
        if let failure { throw failure }
        wake.signal()
    }

    /// The approximate memory of a queued row.
    private static func size(of snapshot: borrowing MarketSnapshot) -> Int {
        let levels = snapshot.orderbook.map { $0.bids.count + $0.asks.count } ?? 0
        return 1_024 + levels * MemoryLayout<PriceLevel>.stride
            + snapshot.trades.count * MemoryLayout<Trade>.stride
            + snapshot.liquidations.count * MemoryLayout<Liquidation>.stride
    }

    private static func size(of event: LiveEvent) -> Int {
        guard case .book(_, let levels) = event else { return 256 }
        return 256 + levels.count * MemoryLayout<PriceLevel>.stride
    }

    // MARK: - Out of it, on its own thread

    private func work() {
        var receipt: SinkReceipt?
        while receipt == nil {
            wake.wait()
            while receipt == nil, let item = state.withLock({ $0.next() }) {
                var failure: SinkError?
                do { receipt = try perform(item) } catch { failure = SinkError(error, of: name) }
                if case .finish = item { receipt = receipt ?? SinkReceipt() }
                let (notes, status) = (sink.drainNotes(), sink.status)
                state.withLock { state in
                    state.done(item, failure, notes, status)
                    (state.sinkLost, state.sinkWaiting) = (sink.lostRows, sink.waitingRows)
                    state.receipt = receipt
                }
            }
        }
    }

    /// The sink's receipt, if the item ends it.
    private func perform(_ item: Item) throws -> SinkReceipt? {
        switch item {
        case .row(let row): try sink.write(row)
        case .event(let event, let instrument): try sink.write(event, of: instrument)
        case .lost(let rows): try sink.lost(rows)
        case .flush(let now): try sink.flush(at: now)
        case .finish: return try sink.finish()
        }
        return nil
    }
}

extension QueuedSink.State {
    fileprivate mutating func append(_ item: QueuedSink.Item, _ size: Int) {
        items.append((item, size))
        bytes += size
    }

    /// Reports lost rows to the sink before its next row.
    fileprivate mutating func reportLoss(_ name: String) {
        guard let lost = losing else { return }
        notes.append("\(name): \(lost.text)")
        losing = nil
        append(.lost(lost), 0)
    }

    fileprivate mutating func next() -> QueuedSink.Item? {
        guard head < items.count, let (item, size) = items[head] else { return nil }
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: head < 1 << 12)
            head = 0
        } else if head >= 1 << 10, head * 2 >= items.count {
            // A sink that is always a little behind would never find the queue empty.
            items.removeFirst(head)
            head = 0
        }
        bytes -= size
        switch item {
        case .row: rows -= 1
        case .flush: flushes -= 1
        default: break
        }
        return item
    }

    /// Handles an item; after a failure the sink gets no more rows and events, but is flushed and finished.
    fileprivate mutating func done(
        _ item: QueuedSink.Item,
        _ error: SinkError?,
        _ notes: [String],
        _ status: String
    ) {
        steps += 1
        self.notes += notes
        self.status = status
        guard let error else { return }
        if case .row = item { lostRows += 1 }
        lostRows += UInt64(rows)
        items = items[head...].filter { entry in
            switch entry?.item {
            case .flush, .finish: true
            default: false
            }
        }
        (head, bytes, rows) = (0, 0, 0)
        failure = failure ?? error
    }

    /// The sink makes no progress: pending rows are lost.
    fileprivate mutating func giveUp(_ name: String) -> SinkError {
        let lost = UInt64(rows) + sinkWaiting
        lostRows += lost
        (items, head, rows, bytes) = ([], 0, 0, 0)
        return .failed(sink: name, reason: "it takes nothing and is not waited for; \(lost) rows are lost")
    }
}
