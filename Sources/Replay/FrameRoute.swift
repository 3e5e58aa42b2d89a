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

extension FrameRoute: StateElement {
    static var blank: FrameRoute { FrameRoute(direction: .other, connection: -1, counter: -1) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("direction", &direction)
        try coder.packed("connection", &connection)
        try coder.packed("counter", &counter)
    }
}
