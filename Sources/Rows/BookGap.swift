public import OrderBooks

/// A book that became gapped.
public struct BookGap: Sendable, Equatable {
    /// The cause.
    public var cause: GapCause
    /// The receive time of the frame or status that revealed it: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// The connection concerned.
    public var connection: Int32

    /// A gap that a connection's frame or status revealed.
    public init(cause: GapCause, receiveTime: Int64, connection: Int32) {
        self.cause = cause
        self.receiveTime = receiveTime
        self.connection = connection
    }
}
