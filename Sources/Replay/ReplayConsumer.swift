import Features
import MarketModel
public import Pipeline
public import Recording
import Synchronizer

/// Receives rows and events of a replay; a stored failure ends the replay.
public protocol ReplayConsumer: RowConsumer {
    /// The error that stops the replay, if any.
    var failure: (any Error)? { get }
    /// Called for each status record of a connection, in log order; by default does nothing.
    ///
    /// `time` is the record's receive time, nanoseconds since the Unix epoch.
    func noted(_ status: StatusRecord, of channel: FrameChannel, at time: Int64)
    /// Called once for each gap of a connection: at the first frame after it, or at the end; by default
    /// does nothing.
    func interrupted(_ hole: ConnectionHole)
}

extension ReplayConsumer {
    /// By default does nothing.
    public func noted(_ status: StatusRecord, of channel: FrameChannel, at time: Int64) {}
    /// By default does nothing.
    public func interrupted(_ hole: ConnectionHole) {}
}
