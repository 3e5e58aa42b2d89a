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
        /// The venue answered a request of its REST interface.
        case reply
    }

    /// The connection, an index of ``SimulatedSession/connections``.
    public var connection: Int
    /// The kind.
    public var kind: Kind
    /// The time: nanoseconds since the Unix epoch.
    public var time: Int64

    /// The path of the request that a reply answers; else empty.
    public var path: String

    /// Makes a frame.
    public init(connection: Int, kind: Kind, time: Int64, path: String = "") {
        self.path = path
        self.connection = connection
        self.kind = kind
        self.time = time
    }
}
