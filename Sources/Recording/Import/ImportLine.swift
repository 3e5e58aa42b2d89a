import ByteCoding
import MarketModel

/// What one line of an import holds; the frame's bytes are in the parser's buffer.
struct ImportLine: Equatable {
    /// Receive time: nanoseconds since the Unix epoch; nil if the line has none.
    var time: Int64?
    var direction = FrameDirection.received
    /// A change of the connection instead of a frame.
    var status: ConnectionStatus?
    /// The address of a connection or request; empty if the line has none.
    var endpoint = ""
    /// Characters that had no bytes of their own and became U+FFFD.
    var replaced = 0
}
