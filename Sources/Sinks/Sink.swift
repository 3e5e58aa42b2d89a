public import Features
public import MarketModel
public import Synchronizer

/// Takes rows as they are made.
///
/// Called on one thread, in the order of emission. A sink that cannot work fails when it is made.
public protocol Sink: AnyObject {
    /// What it is called in status lines.
    var name: String { get }
    /// How it fares, in one line.
    var status: String { get }
    /// Takes a row; the snapshot's memory is reused after the call.
    func write(
        _ snapshot: borrowing MarketSnapshot,
        _ row: MarketAggregate,
        of instrument: Instrument
    ) throws(SinkError)
    /// Time passes: `now` is a receive time in nanoseconds. By default does nothing.
    func tick(_ now: Int64) throws(SinkError)
    /// Makes what was taken durable, and ends.
    func finish() throws(SinkError)
}

extension Sink {
    /// Does nothing.
    public func tick(_ now: Int64) throws(SinkError) {}
}

/// Why a sink failed.
public enum SinkError: Error, Equatable, CustomStringConvertible {
    /// It cannot begin or go on.
    case failed(sink: String, reason: String)

    /// Which and why.
    public var description: String {
        switch self {
        case .failed(let sink, let reason): "\(sink): \(reason)"
        }
    }
}
