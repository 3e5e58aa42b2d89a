import ByteCoding
import MarketModel

/// The content of one import line; the frame's bytes are in the parser's buffer.
struct ImportLine: Equatable {
    /// Receive time: nanoseconds since the Unix epoch; nil if the line has none.
    var time: Int64?
    var direction = FrameDirection.received
    /// A change of the connection instead of a frame.
    var status: ConnectionStatus?
    /// The address of a connection or request; empty if the line has none.
    var endpoint = ""
    /// The path of the request that a reply answers; empty if the line has none.
    var request = ""
    /// Characters that stood for no bytes and became U+FFFD.
    var replaced = 0
}
