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
    private var told = 0

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

    // MARK: - On the writing thread

    /// A frame is in the log.
    public func received(_ frame: RawSpan, connection: Int, at time: Int64) {
        _ = pipeline.receive(frame, on: Int32(connection), receiveTime: time)
        sinks.tick(time)
        tellFailures()
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

    /// The session ends.
    public func ended() {
        pipeline.finish()
        sinks.finish()
        tellFailures()
    }

    private func tellFailures() {
        let failures = sinks.failures
        for failure in failures.dropFirst(told) { warning("\(failure); its rows are lost from here on") }
        told = failures.count
    }
}
