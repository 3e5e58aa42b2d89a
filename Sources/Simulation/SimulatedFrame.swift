/// A frame of a simulated session, without its bytes.
public struct SimulatedFrame: Sendable, Equatable {
    /// The kind.
    public enum Kind: Sendable, Equatable {
        /// The venue sent it.
        case received
        /// The client sent it.
        case sent
        /// What happened to the connection: the bytes are the name of a state, such as `disconnected`.
        case status
    }

    /// The connection, an index of ``SimulatedSession/connections``.
    public var connection: Int
    /// The kind.
    public var kind: Kind
    /// The time: nanoseconds since the Unix epoch.
    public var time: Int64

    /// Makes a frame.
    public init(connection: Int, kind: Kind, time: Int64) {
        self.connection = connection
        self.kind = kind
        self.time = time
    }
}
