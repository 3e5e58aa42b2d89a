import ByteCoding
import Dispatch
import Synchronization

/// Passes records from the log to its observer: held until their chunk is written, then given to a thread.
///
/// The log never waits for it.
final class LogFollower: @unchecked Sendable {
    /// Records and their fate; owned by one thread at a time.
    private final class Block: @unchecked Sendable {
        var records: GrowableBytes
        var fate: Fate

        init(_ fate: Fate) {
            self.fate = fate
            records = GrowableBytes()
        }
    }

    private enum Fate {
        case unknown
        case logged
        case withdrawn
    }

    private struct State {
        var waiting: [Block] = []
        var bytes = 0
        var isTooSlow = false
        var isClosed = false
    }

    private let observer: any CaptureObserver
    private let limit: Int
    private let isEarly: Bool
    private let warn: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let isOver = DispatchSemaphore(value: 0)
    // Used by the writing thread only.
    private var held = GrowableBytes()
    private static let stride = 1 << 20

    /// Passes records to `observer`; at most `limit` bytes of them wait.
    init(
        _ observer: any CaptureObserver,
        limit: Int,
        isEarly: Bool,
        warn: @escaping @Sendable (String) -> Void
    ) {
        (self.observer, self.limit, self.isEarly, self.warn) = (observer, limit, isEarly, warn)
    }

    /// Starts the thread.
    func begin() throws(ByteCodingError) {
        try WorkerThread.start("rows") { [self] in follow() }
    }

    // MARK: - On the writing thread

    /// A record is in the log, in a chunk that is not yet written.
    func hold(_ kind: FrameQueue.Kind, _ connection: Int, _ time: Int64, _ bytes: RawSpan) {
        held.appendEntry(kind, connection, time, bytes)
    }

    /// The records held are complete in their file.
    func release() { handOver(.logged) }

    /// The records held are not in the log.
    func withdraw() {
        if isEarly { return handOver(.withdrawn) }
        held.removeAll()
    }

    /// Passes on early records.
    func pass() {
        if isEarly, held.count > 0 { handOver(.unknown) }
    }

    /// No more records follow; returns when the observer has had them all.
    func end() {
        state.withLock { $0.isClosed = true }
        wake.signal()
        isOver.wait()
    }

    private func handOver(_ fate: Fate) {
        guard held.count > 0 || isEarly else { return }
        let block = Block(fate)
        swap(&held, &block.records)
        held.reserve(min(block.records.count, Self.stride))
        let fellBehind = state.withLock { state in
            guard !state.isTooSlow else { return false }
            state.isTooSlow = state.bytes > limit
            guard !state.isTooSlow else { return true }
            state.bytes += block.records.count
            state.waiting.append(block)
            return false
        }
        if fellBehind {
            warn(
                "rows are made slower than frames come, and more than \(limit) bytes of frames wait: no more rows "
                    + "are made; the log goes on (replay it for all rows)"
            )
        }
        wake.signal()
    }

    // MARK: - On its own thread

    private func follow() {
        var isClosed = false
        while !isClosed {
            _ = wake.wait(timeout: .now() + .milliseconds(100))
            // Read before the last blocks are fetched: none is added afterwards.
            isClosed = state.withLock(\.isClosed)
            while let block = next() { deliver(block) }
            observer.passed(Monotonic.now())
        }
        observer.ended(isWhole: !state.withLock(\.isTooSlow))
        isOver.signal()
    }

    private func next() -> Block? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let block = state.waiting.removeFirst()
            state.bytes -= block.records.count
            return block
        }
    }

    private func deliver(_ block: Block) {
        block.records.forEachEntry { kind, connection, time, bytes in
            switch kind {
            case .received: observer.received(bytes, connection: connection, at: time)
            case .sent: observer.sent(bytes, connection: connection, at: time)
            case .status: observer.status(bytes, connection: connection, at: time)
            case .reply:
                let (path, body) = (LoggedReply.path(in: bytes), LoggedReply.body(in: bytes))
                observer.reply(body, path: path, connection: connection, at: time)
            case .clock, .gap: break
            }
        }
        switch block.fate {
        case .unknown: break
        case .logged: observer.logged()
        case .withdrawn: observer.withdrawn()
        }
    }
}
