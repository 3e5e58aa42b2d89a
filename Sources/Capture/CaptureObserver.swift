import ByteCoding
import Dispatch
import Synchronization

/// Takes the records of the log in log order, on one thread of its own.
///
/// By default it gets what is in a whole chunk in its file, so that whatever it makes of it is what a replay of the log
/// makes. A plan that asks for early records gets them as they are accepted, and is told what became of them.
public protocol CaptureObserver: AnyObject, Sendable {
    /// A received frame is in the log.
    func received(_ frame: RawSpan, connection: Int, at time: Int64)
    /// A sent frame is in the log.
    func sent(_ frame: RawSpan, connection: Int, at time: Int64)
    /// A status record is in the log; its JSON.
    func status(_ json: RawSpan, connection: Int, at time: Int64)
    /// A REST reply is in the log; by default nothing is done with it.
    func reply(_ body: RawSpan, connection: Int, at time: Int64)
    /// Everything so far is whole in its file. By default does nothing.
    func logged()
    /// What came since the last ``logged()`` is not in the log after all: only early records can be. By default does
    /// nothing.
    func withdrawn()
    /// Time passes, with frames or without: monotonic, in nanoseconds.
    func passed(_ now: Int64)
    /// No more will come; not whole if records were left out because this observer was too slow.
    func ended(isWhole: Bool)
}

extension CaptureObserver {
    /// Does nothing.
    public func reply(_ body: RawSpan, connection: Int, at time: Int64) {}
    /// Does nothing.
    public func logged() {}
    /// Does nothing.
    public func withdrawn() {}
}
