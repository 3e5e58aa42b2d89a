import MarketModel

/// What the synchronizer needs to know of a frame: its connection and its times.
@frozen
public struct FrameStamp: Sendable {
    /// The connection, numbered by the caller from 0.
    public var connection: Int32
    /// When it arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// The venue's time of its envelope: nanoseconds since the Unix epoch, UTC; nil if it has none.
    public var exchangeTime: Int64?

    /// Makes a stamp.
    @inlinable
    public init(connection: Int32, receiveTime: Int64, exchangeTime: Int64?) {
        self.connection = connection
        self.receiveTime = receiveTime
        self.exchangeTime = exchangeTime
    }
}
