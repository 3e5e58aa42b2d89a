public import Capture
import Exchanges
import MarketModel
import Pipeline
import Recording
public import Sinks
public import Synchronizer

/// A session recorded and turned into rows at the same time: what is in the log, in whole chunks, goes through the same
/// pipeline as in a replay of it, which hence gives the same rows whatever the disk does.
///
/// Rows are made on a thread of their own and handed to sinks behind queues of their own: the log waits for none of it.
public final class LiveSession: CaptureObserver, @unchecked Sendable {
    // Set before the session begins, and from then on used by the thread that follows the log alone.
    private var pipeline: Pipeline
    private let sinks: SinkFanOut
    private var capture: CaptureSession?
    private let warning: @Sendable (String) -> Void
    private var lastFlush: Int64 = 0
    /// Rows when all that had come was in the log.
    private var loggedRows = 0
    /// Rows made early of frames that the log then lost.
    public private(set) var unloggedRows = 0
    /// Whether rows were made of all frames; after ``end()``.
    public private(set) var isWhole = true
    private static let flushInterval: Int64 = 100_000_000

    /// Opens the log and makes the pipeline; sockets are opened by ``begin()``.
    public init(
        _ plan: CapturePlan,
        options: SynchronizerOptions,
        sinks: [any Sink],
        warning: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.sinks = SinkFanOut(try sinks.map { try QueuedSink($0) })
        pipeline = try Pipeline(options: options, consumer: self.sinks)
        self.warning = warning
        for connection in plan.connections {
            let number = pipeline.connect(connection.exchange, market: connection.market)
            pipeline.described(connection.subscriptionText, on: number)
        }
        capture = try CaptureSession(plan, observer: self, warning: warning)
    }

    /// Connects.
    public func begin() throws(CaptureError) { try capture?.begin() }

    /// Ends the session; returns when log and sinks are whole.
    public func end() -> CaptureCounts {
        let counts = capture?.end() ?? CaptureCounts()
        capture = nil
        return counts
    }

    /// What happened so far.
    public func counts() -> CaptureCounts { capture?.counts() ?? CaptureCounts() }

    /// The file being written.
    public var firstPath: String { capture?.firstPath ?? "" }

    /// Rows emitted; after ``end()``.
    public var rows: Int { sinks.rows }

    /// How each sink fared; after ``end()``.
    public var reports: [SinkFanOut.Report] { sinks.reports }

    // MARK: - On the thread that follows the log

    /// A frame is in the log.
    public func received(_ frame: RawSpan, connection: Int, at time: Int64) {
        _ = pipeline.receive(frame, on: Int32(connection), receiveTime: time)
    }

    /// A frame was sent.
    public func sent(_ frame: RawSpan, connection: Int, at time: Int64) {
        pipeline.sent(frame, on: Int32(connection), receiveTime: time)
    }

    /// Something happened to a connection.
    public func status(_ json: RawSpan, connection: Int, at time: Int64) {
        guard let status = StatusRecord(json)?.state else { return }
        pipeline.apply(status, on: Int32(connection), receiveTime: time)
    }

    /// A REST reply is in the log.
    public func reply(_ body: RawSpan, connection: Int, at time: Int64) {
        pipeline.reply(body, on: Int32(connection))
    }

    /// All that has come is in the log.
    public func logged() { loggedRows = sinks.rows }

    /// What came last is not in the log.
    public func withdrawn() {
        unloggedRows += sinks.rows - loggedRows
        loggedRows = sinks.rows
    }

    /// Time passes: sinks write what is due.
    public func passed(_ now: Int64) {
        guard now - lastFlush >= Self.flushInterval else { return }
        lastFlush = now
        sinks.flush(at: now)
        reportNotes()
    }

    /// The session ends; where frames were left out the rows end with the last one before them.
    public func ended(isWhole: Bool) {
        self.isWhole = isWhole
        if isWhole { pipeline.finish() }
        sinks.finish()
        reportNotes()
    }

    private func reportNotes() {
        for note in sinks.drainNotes() { warning(note) }
    }
}
