/// A frame of a simulated session; its bytes are lent beside it.
public struct SimulatedFrame: Sendable, Equatable {
    /// What it is.
    public enum Kind: Sendable, Equatable {
        /// The venue sent it.
        case received
        /// The client sent it.
        case sent
        /// What happened to the connection: the bytes are the name of a state, such as `disconnected`.
        case status
    }

    /// The connection, a place in ``SimulatedSession/connections``.
    public var connection: Int
    /// What it is.
    public var kind: Kind
    /// When: nanoseconds since the Unix epoch.
    public var time: Int64

    /// Describes a frame.
    public init(connection: Int, kind: Kind, time: Int64) {
        self.connection = connection
        self.kind = kind
        self.time = time
    }
}
