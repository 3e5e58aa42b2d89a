import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// What a socket tells its owner, on the event loop.
protocol SocketOwner: AnyObject, Sendable {
    /// A connection attempt has a channel: what can be closed before the WebSocket is open.
    func socketBegan(_ channel: any Channel)
    /// The WebSocket is open.
    func socketOpened(_ channel: any Channel)
    /// Frames can be sent; what is sent before is lost in the upgrade.
    func socketReady()
    /// A text or binary message came.
    func socketReceived(_ message: RawSpan)
    /// A pong came.
    func socketPong()
    /// The server broke the protocol; the socket closes.
    func socketBroke()
    /// The socket closed or could not be opened; told once.
    func socketClosed(reason: String, code: Int64?)
}
