import ByteCoding
import Dispatch
import Synchronization

/// Receives the log's records in log order, on a thread of its own.
///
/// By default it receives records once their chunk is complete in the file, so that its results equal those
/// of a replay. A plan with early records passes them on as they are accepted, and reports their fate
/// later.
public protocol CaptureObserver: AnyObject, Sendable {
    /// A received frame is in the log.
    func received(_ frame: RawSpan, connection: Int, at time: Int64)
    /// A sent frame is in the log.
    func sent(_ frame: RawSpan, connection: Int, at time: Int64)
    /// A status record is in the log; its JSON.
    func status(_ json: RawSpan, connection: Int, at time: Int64)
    /// The reply to the REST request of a path, with its query, is in the log. Ignored by default.
    func reply(_ body: RawSpan, path: String, connection: Int, at time: Int64)
    /// All records so far are in a complete chunk. Ignored by default.
    func logged()
    /// Records since the last ``logged()`` are not in the log after all, which happens to early ones only.
    /// Ignored by default.
    func withdrawn()
    /// Time passes, with frames or without: monotonic, in nanoseconds.
    func passed(_ now: Int64)
    /// No more records follow; not whole if some were dropped because this observer was too slow.
    func ended(isWhole: Bool)
}

extension CaptureObserver {
    /// Ignores it.
    public func reply(_ body: RawSpan, path: String, connection: Int, at time: Int64) {}
    /// Ignores it.
    public func logged() {}
    /// Ignores it.
    public func withdrawn() {}
}
