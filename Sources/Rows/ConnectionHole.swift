public import MarketModel

/// A gap of a connection: messages after its last frame are or may be missing.
public struct ConnectionHole: Equatable, Sendable {
    /// The cause, as named in the ledger.
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

    /// The cause.
    public var cause: Cause
    /// The connection.
    public var connection: ConnectionName
    /// The receive time of the connection's last frame before it: nanoseconds since the Unix epoch, UTC.
    public var start: Int64
    /// The receive time of the first frame after it, on this connection or the same one of a later session;
    /// nil without one.
    public var end: Int64?
    /// How many frames are missing, if counters or the recorder tell.
    public var frames: UInt64?
    /// The instruments whose books became gapped.
    public var instruments: [Instrument]

    /// A gap that no frame has ended yet.
    public init(cause: Cause, connection: ConnectionName, start: Int64, instruments: [Instrument]) {
        self.cause = cause
        self.connection = connection
        self.start = start
        self.instruments = instruments
    }
}

extension ConnectionHole.Cause: StateElement {
    package static var blank: ConnectionHole.Cause { .disconnect }
}

extension ConnectionHole: StateElement {
    package static var blank: ConnectionHole {
        ConnectionHole(cause: .disconnect, connection: .blank, start: 0, instruments: [])
    }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("cause", &cause)
        try coder.packed("connection", &connection)
        try coder.packed("start", &start)
        try coder.packed("end", &end)
        try coder.packed("frames", &frames)
        try coder.packed("instruments", &instruments)
    }
}
