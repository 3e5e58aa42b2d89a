import ByteCoding
import Dispatch
import Exchanges
import Glibc
import MarketModel
import NIOCore
import NIOPosix
import Recording
import Synchronization

/// A session being recorded: one event loop for all sockets, one thread that writes.
public final class CaptureSession: @unchecked Sendable {
    /// The first receive time: nanoseconds since the Unix epoch.
    public let start: Int64
    let queue: FrameQueue
    private let plan: CapturePlan
    /// The connections as the ledger names them.
    private let subjects: [String]
    private let group: MultiThreadedEventLoopGroup
    let loop: any EventLoop
    private let ledger: GapLedger
    private let log: LogWriter
    private let follower: LogFollower?
    private let warning: @Sendable (String) -> Void
    private let written = DispatchSemaphore(value: 0)
    /// The writing thread's counts, for other threads to read.
    private let published = Mutex((log: LogCounts(), gaps: 0))
    // Used on the event loop only.
    private var clock: ReceiveClock
    private var connections: [CaptureConnection] = []
    private var relays: [ConnectionRelay] = []
    private var isEnding = false
    private var desk: DefinitionFetcher?
    private(set) var replies: ReplyFetcher?
    private var ticks: RepeatedTask?
    private var minutes: RepeatedTask?

    /// Opens the first file and the ledger; sockets are opened by ``begin()``.
    ///
    /// `observer` follows the log on a thread of its own; `warning` is called on any thread with lines for the user.
    public init(
        _ plan: CapturePlan,
        observer: (any CaptureObserver)? = nil,
        warning: @escaping @Sendable (String) -> Void
    ) throws(CaptureError) {
        guard !plan.connections.isEmpty else { throw .noConnections }
        let plan = plan.withStandbys
        // Invalid plans are refused before a file is created.
        for connection in plan.connections { try connection.checkAddresses() }
        // For the loop, the log, the ledger, host names, the log's follower and its observer.
        do throws(ByteCodingError) { try WorkerThread.probe(6) } catch { throw .file(error.description) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        // Without a session nothing else would end its thread.
        var isMade = false
        defer { if !isMade { try? group.syncShutdownGracefully() } }
        let client = try Self.client(plan, group)
        self.plan = plan
        follower = observer.map {
            LogFollower($0, limit: plan.queueLimit, isEarly: plan.isEarly, warn: warning)
        }
        self.warning = warning
        clock = ReceiveClock(wall: plan.wallClock(), monotonic: Monotonic.now())
        start = clock.time(at: Monotonic.now())
        subjects = plan.connections.enumerated().map { index, connection in
            "\(connection.exchange.name)/\(connection.market.rawValue)/c\(index)"
        }
        queue = FrameQueue(capacity: plan.queueLimit, connections: plan.connections.count)
        log = try LogWriter(plan, start: start)
        ledger = try GapLedger(path: "\(plan.folder)/gaps.jsonl", session: start)
        self.group = group
        loop = client.loop
        log.warn = warning
        do {
            for index in plan.connections.indices {
                connections.append(try CaptureConnection(plan, index, client, self))
            }
            relays = plan.relays
            let rest = RESTClient(sockets: client, patience: plan.openLimit)
            desk = try DefinitionFetcher(plan, rest, self)
            replies = try ReplyFetcher(plan, rest, self)
        } catch let error as CaptureError {
            throw error
        } catch {
            throw .file("\(error)")
        }
        log.rotated = { [unowned self] in fileBegan() }
        log.outageBegan = { [unowned self] connection, time in
            ledger.outageBegan(subjects[connection], at: time)
        }
        log.outageEnded = { [unowned self] connection, frames, time in
            ledger.outageEnded(subjects[connection], frames: frames, at: time)
            // The missing frames may have been its books'.
            loop.execute { [self] in connections[connection].resync(cause: "dropped") }
        }
        log.follower = follower
        isMade = true
    }

    private static func client(
        _ plan: CapturePlan,
        _ group: MultiThreadedEventLoopGroup
    ) throws(CaptureError) -> WebSocketClient {
        try WebSocketClient(loop: group.next(), frameLimit: plan.frameLimit, authorities: plan.authorities)
    }

    /// The file being written.
    public var firstPath: String { log.path }

    /// Opens the sockets and starts writing.
    /// - Throws: ``CaptureError/file(_:)`` if no thread can be started.
    public func begin() throws(CaptureError) {
        // A thread of its own: it lives as long as the session.
        do {
            try follower?.begin()
            try ledger.begin()
            try WorkerThread.start("the log") { [self] in writeUntilClosed() }
        } catch {
            throw .file(error.description)
        }
        loop.execute { [self] in
            checkClock()
            for (index, connection) in connections.enumerated() where plan.connections[index].standsFor == nil
            {
                connection.start()
            }
            desk?.start()
            ticks = loop.scheduleRepeatedTask(initialDelay: .milliseconds(50), delay: .milliseconds(50)) {
                _ in
                for connection in self.connections { connection.tick() }
                for index in self.relays.indices { self.tickRelay(index) }
                self.replies?.tick()
            }
            minutes = loop.scheduleRepeatedTask(initialDelay: .seconds(60), delay: .seconds(60)) { _ in
                self.checkClock()
            }
        }
    }

    /// Closes sockets and files; returns when all is on disk.
    public func end() -> CaptureCounts {
        let closed = DispatchSemaphore(value: 0)
        loop.execute { [self] in
            isEnding = true
            ticks?.cancel()
            minutes?.cancel()
            for connection in connections { connection.stop() }
            desk?.stop()
            replies?.stop()
            queue.close()
            closed.signal()
        }
        closed.wait()
        written.wait()
        desk?.drain()
        let counts = counts()
        try? group.syncShutdownGracefully()
        return counts
    }

    /// The counts so far; may be called during the session.
    public func counts() -> CaptureCounts {
        var counts = CaptureCounts()
        let done = DispatchSemaphore(value: 0)
        let box = CountsBox()
        loop.execute { [self] in
            box.connections = connectionCounts()
            box.now = now()
            done.signal()
        }
        done.wait()
        counts.connections = box.connections
        counts.elapsed = box.now - start
        counts.now = box.now
        (counts.log, counts.gaps) = published.withLock { $0 }
        counts.dropped = queue.droppedFrames + counts.log.dropped
        return counts
    }

    private final class CountsBox: @unchecked Sendable {
        var connections: [CaptureCounts.Connection] = []
        var now: Int64 = 0
    }

    // MARK: - On the event loop

    /// The current receive time.
    func now() -> Int64 { clock.time(at: Monotonic.now()) }

    func warn(_ text: String) { warning(text) }

    func record(_ gap: GapNote, connection: Int) {
        queue.enqueue(.gap, connection: connection, time: now(), gap.bytes.span.bytes)
    }

    /// Compares the clocks now instead of at the next full minute.
    package func compareClocks() { loop.execute { [self] in checkClock() } }

    private func checkClock() {
        let (wall, monotonic) = (plan.wallClock(), Monotonic.now())
        clock.follow(wall: wall, monotonic: monotonic)
        let json = Array("{\"wall_ns\":\"\(wall)\",\"monotonic_ns\":\"\(monotonic)\"}".utf8)
        queue.enqueue(.clock, connection: 0, time: now(), json.span.bytes)
    }

    /// A new file begins: books get snapshots, and a clock far behind is corrected.
    private func fileBegan() {
        loop.execute { [self] in
            let step = clock.rebase()
            if step > 0 { recordStep(step) }
            guard plan.resyncsAtRotation else { return }
            for connection in connections { connection.resync(cause: "rotation") }
            desk?.renew()
        }
    }

    // MARK: - Turns, on the event loop

    /// The counts of each connection, in whichever slots it ran.
    private func connectionCounts() -> [CaptureCounts.Connection] {
        let standing = connections.indices.filter { plan.connections[$0].standsFor == nil }
        return standing.map { index in
            guard let relay = relays.first(where: { $0.active == index || $0.next == index }) else {
                return connections[index].currentCounts()
            }
            var counts = connections[relay.active].currentCounts()
            counts.add(connections[relay.next].currentCounts())
            counts.plannedCloses = relay.changes
            return counts
        }
    }

    private func tickRelay(_ index: Int) {
        let relay = relays[index]
        let view = connections[relay.active].view(beside: connections[relay.next])
        switch relays[index].tick(at: now(), view) {
        case .none: break
        case .open(let slot): connections[slot].start()
        case .join(let slot): connections[slot].askValues()
        case .close(let slot): connections[slot].rest()
        }
    }

    /// Whether a slot has its turn, rather than opens for its next one.
    func carries(_ slot: Int) -> Bool { !relays.contains { $0.next == slot } }

    /// The socket of a slot closed: whether another slot carries on what it brought.
    func isReplaced(_ slot: Int) -> Bool {
        guard !isEnding, let index = relays.firstIndex(where: { $0.active == slot }) else { return false }
        let view = connections[slot].view(beside: connections[relays[index].next])
        return relays[index].closed(slot, view)
    }

    // MARK: - Definitions, on the event loop

    func didReceiveDefinitions(_ list: DefinitionList, on connection: Int) {
        desk?.didReceiveDefinitions(list, on: connection)
    }

    func askChannel(_ connection: Int) { connections[connection].askChannel() }

    func definitionsKnown(_ count: Int, on connection: Int) {
        connections[connection].definitionsKnown(count)
    }

    /// A market's symbols are known: each of its connections reports the ones it requested in vain.
    func judge(_ offered: OfferedSymbols, exchange: String, market: Market) {
        for (index, connection) in plan.connections.enumerated()
        where connection.exchange.name == exchange && connection.market == market {
            if connection.standsFor == nil {
                connections[index].judge(offered)
            } else {
                connections[index].leaveOut(offered)
            }
        }
    }

    func record(_ record: StatusRecord, on connection: Int) {
        let json = Array(record.json.utf8)
        queue.enqueue(.status, connection: connection, time: now(), json.span.bytes)
    }

    func logReply(_ body: ByteBuffer, path: String, on connection: Int) {
        body.withUnsafeReadableBytes {
            let entry = LoggedReply.bytes($0.bytes, path: path)
            queue.enqueue(.reply, connection: connection, time: now(), entry.bytes)
        }
    }

    /// The reply to a request of a connection came.
    func didReceive(_ body: ByteBuffer, answering entry: ReplySchedule.Entry) {
        logReply(body, path: entry.request.path, on: entry.connection)
        guard case .seed(let topic) = entry.purpose else { return }
        body.withUnsafeReadableBytes {
            connections[entry.connection].seeded($0.bytes, path: entry.request.path, of: topic)
        }
    }

    /// A request of a connection failed, and is made again.
    func didFail(_ failure: RESTFailure, _ entry: ReplySchedule.Entry) {
        connections[entry.connection].requestFailed(failure, entry.purpose)
    }

    private func recordStep(_ step: Int64) {
        let record = StatusRecord(
            .resumed,
            reason: "receive clock stepped forward by \(step) ns to wall time"
        )
        let json = Array(record.json.utf8)
        for index in connections.indices {
            queue.enqueue(.status, connection: index, time: now(), json.span.bytes)
        }
    }

    // MARK: - On the writing thread

    private func writeUntilClosed() {
        var spare = GrowableBytes(capacity: 1 << 20)
        // Wakes often enough to close an open chunk in time.
        let nap = Int(min(100, max(10, plan.chunkInterval / UnixTime.millisecond / 4)))
        var goesOn = true
        while goesOn {
            goesOn = queue.drain(into: &spare, milliseconds: nap) { kind, connection, time, bytes in
                if kind == .gap { return ledger.record(GapNote(bytes), at: time) }
                if kind == .status { recordLoss(bytes, connection, time) }
                log.write(kind, connection, time, bytes)
            }
            log.tick(Monotonic.now())
            follower?.pass()
            publish()
            // Waking this thread costs the event loop more than the frames do, so at most a thousand times
            // a second.
            if goesOn { usleep(1_000) }
        }
        log.end("ended")
        let unwritten = ledger.end()
        if unwritten > 0 { warning("gaps.jsonl: \(unwritten) lines could not be written") }
        publish()
        follower?.end()
        written.signal()
    }

    private func publish() {
        let state = (log: log.counts, gaps: ledger.count)
        published.withLock { $0 = state }
    }

    /// Frames lost before the disk, or by a full one, are a gap too.
    private func recordLoss(_ json: RawSpan, _ connection: Int, _ time: Int64) {
        guard let record = StatusRecord(json), record.state == .dropped else { return }
        ledger.dropped(subjects[connection], frames: record.count, at: time)
    }
}
