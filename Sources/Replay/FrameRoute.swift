import MarketModel
import Recording

/// The destination of a channel's frames.
struct FrameRoute {
    var direction: FrameDirection
    /// The pipeline's number of the connection.
    var connection: Int32
    /// The index of the channel's counter in its session; -1 if counters tell nothing.
    var counter: Int
}
