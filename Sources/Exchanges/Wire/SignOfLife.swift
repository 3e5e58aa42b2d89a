/// The answer to a ping, or a heartbeat, to be written.
///
/// Times in nanoseconds since the Unix epoch.
public struct SignOfLife: Sendable {
    /// The venue's name of the connection.
    public var connection: String
    /// The venue's time.
    public var now: Int64
    /// When the message was sent.
    public var time: Int64
    /// How many there were on the connection, this one included.
    public var count: Int64 = 0
    /// The connection's message number.
    public var number: Int64 = 0

    /// A sign at a time.
    public init(connection: String, now: Int64, time: Int64) {
        (self.connection, self.now, self.time) = (connection, now, time)
    }
}
