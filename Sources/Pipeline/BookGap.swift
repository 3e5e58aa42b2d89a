public import OrderBooks

/// A change of a book into gapped.
public struct BookGap: Sendable, Equatable {
    /// Why.
    public var cause: GapCause
    /// The receive time of the frame or status that revealed it: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// The connection it came on.
    public var connection: Int32
}
