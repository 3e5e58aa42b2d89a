public import MarketModel

/// The end of all feeds of a connection, effective at its last frame.
public struct FeedsEnd: Equatable, Sendable {
    /// The receive time of the connection's last frame: nanoseconds since the Unix epoch, UTC.
    public var lastFrame: Int64
    /// The instruments whose books became gapped.
    public var gapped: [Instrument]
}
