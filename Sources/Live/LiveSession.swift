public import Capture
import Exchanges
import MarketModel
import Pipeline
import Recording
public import Rows
public import Sinks
public import Synchronizer

/// A session that is recorded and made into rows at the same time.
///
/// What is in complete chunks of the log goes through the pipeline of a replay, so a replay gives the same
/// rows whatever the disk does.
///
/// Rows are made on their own thread and passed to sinks behind queues; the log waits for none of it.
public final class LiveSession: CaptureObserver, @unchecked Sendable {
    // Set before the session begins; then used by the thread that follows the log only.
    private var pipeline: Pipeline
    private let sinks: SinkFanOut
    private var capture: CaptureSession?
    private let warning: @Sendable (String) -> Void
    private var lastFlush: Int64 = 0
    /// Rows when all frames so far were in the log.
    private var loggedRows = 0
    /// Rows made early from frames that the log then lost.
    public private(set) var unloggedRows = 0
    /// Whether rows were made from all frames; valid after ``end()``.
    public private(set) var isWhole = true
    private static let flushInterval: Int64 = 100_000_000

    /// Opens the log and makes the pipeline; sockets are opened by ``begin()``.
    public init(
        _ plan: CapturePlan,
        options: SynchronizerOptions,
        sinks: [any RowSink],
        warning: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let plan = plan.withStandbys
        self.sinks = SinkFanOut(try sinks.map { try QueuedSink($0) })
        pipeline = try Pipeline(options: options, into: self.sinks)
        self.warning = warning
        for connection in plan.connections {
            let number = pipeline.connect(
                connection.exchange,
                market: connection.market,
                redundant: connection.redundant ?? ""
            )
            pipeline.described(
                connection.subscriptionText,
                address: connection.endpoint ?? "",
                on: number
            )
        }
        capture = try CaptureSession(plan, observer: self, warning: warning)
    }

    /// Connects.
    public func begin() throws(CaptureError) { try capture?.begin() }

    /// Ends the session; returns when log and sinks are complete.
    public func end() -> CaptureCounts {
        let counts = capture?.end() ?? CaptureCounts()
        capture = nil
        return counts
    }

    /// The counts so far.
    public func counts() -> CaptureCounts { capture?.counts() ?? CaptureCounts() }

    /// The file being written.
    public var firstPath: String { capture?.firstPath ?? "" }

    /// Rows emitted; valid after ``end()``.
    public var rows: Int { sinks.rows }

    /// The state of each sink; valid after ``end()``.
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

    /// A connection's status is in the log.
    public func status(_ json: RawSpan, connection: Int, at time: Int64) {
        guard let status = StatusRecord(json)?.state else { return }
        pipeline.apply(status, on: Int32(connection), receiveTime: time)
    }

    /// A REST reply is in the log.
    public func reply(_ body: RawSpan, path: String, connection: Int, at time: Int64) {
        pipeline.reply(body, path: path, on: Int32(connection), receiveTime: time)
    }

    /// All frames so far are in the log.
    public func logged() { loggedRows = sinks.rows }

    /// The last frames are not in the log.
    public func withdrawn() {
        unloggedRows += sinks.rows - loggedRows
        loggedRows = sinks.rows
    }

    /// Time passes: sinks flush what is due.
    public func passed(_ now: Int64) {
        guard now - lastFlush >= Self.flushInterval else { return }
        lastFlush = now
        sinks.flush(at: now)
        reportNotes()
    }

    /// The session ends; if frames were dropped the rows end with the last frame before.
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
