public import MarketModel
public import Recording

/// A hole in what a connection brought: from its last frame on, messages are missing or may be.
public struct ConnectionHole: Equatable, Sendable {
    /// Why, in the words of the ledger.
    public enum Cause: String, Sendable, CaseIterable {
        /// The socket closed.
        case disconnect
        /// No data came for too long.
        case stalled
        /// Frames are missing in the log.
        case dropped
        /// The session ended, and another follows.
        case session
    }

    /// Why.
    public var cause: Cause
    /// A channel of the connection.
    public var channel: FrameChannel
    /// The receive time of the connection's last frame before it: nanoseconds since the Unix epoch, UTC.
    public var start: Int64
    /// That of the first frame behind it, of this connection or of the same one in a later session; nil without one.
    public var end: Int64?
    /// How many frames are missing, where counters or the recorder tell.
    public var frames: UInt64?
    /// The instruments whose books it gapped.
    public var instruments: [Instrument]
}
