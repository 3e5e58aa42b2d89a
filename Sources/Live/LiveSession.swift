public import Capture
import Exchanges
import MarketModel
import Pipeline
import Recording
public import Sinks
public import Synchronizer

/// A session recorded and turned into rows at the same time: the frames that are in the log go through the
/// same pipeline as in a replay of it, which hence gives the same rows.
public final class LiveSession: CaptureObserver, @unchecked Sendable {
    // Set before the writing thread begins, and from then on used by it alone.
    private var pipeline: Pipeline
    private let sinks: SinkFanOut
    private var capture: CaptureSession?
    private let warning: @Sendable (String) -> Void
    private var lastFlush: Int64 = 0
    private static let flushInterval: Int64 = 100_000_000

    /// Opens the log and makes the pipeline; sockets are opened by ``begin()``.
    public init(
        _ plan: CapturePlan,
        options: SynchronizerOptions,
        sinks: [any Sink],
        warning: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.sinks = SinkFanOut(sinks)
        pipeline = try Pipeline(options: options, consumer: self.sinks)
        self.warning = warning
        for connection in plan.connections {
            _ = pipeline.connect(connection.exchange, market: connection.market)
        }
        capture = try CaptureSession(plan, observer: self, warning: warning)
    }

    /// Connects.
    public func begin() { capture?.begin() }

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

    // MARK: - On the writing thread

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
        guard let record = StatusRecord(json), let status = ConnectionStatus(rawValue: record.stateName)
        else {
            return
        }
        pipeline.note(status, on: Int32(connection), receiveTime: time)
    }

    /// A REST reply is in the log.
    public func reply(_ body: RawSpan, connection: Int, at time: Int64) {
        pipeline.reply(body, on: Int32(connection))
    }

    /// Time passes: sinks write what is due.
    public func passed(_ now: Int64) {
        guard now - lastFlush >= Self.flushInterval else { return }
        lastFlush = now
        sinks.flush(at: now)
        tellNotes()
    }

    /// The session ends.
    public func ended() {
        pipeline.finish()
        sinks.finish()
        tellNotes()
    }

    private func tellNotes() {
        for note in sinks.takeNotes() { warning(note) }
    }
}
