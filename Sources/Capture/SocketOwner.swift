import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// The events of a socket, on the event loop.
protocol SocketOwner: AnyObject, Sendable {
    /// A connection attempt has a channel, which can be closed before the WebSocket is open.
    func socketBegan(_ channel: any Channel)
    /// The WebSocket is open.
    func socketOpened(_ channel: any Channel)
    /// Frames can be sent; earlier ones would be lost in the upgrade.
    func socketReady()
    /// A text or binary message came.
    func socketReceived(_ message: RawSpan)
    /// A pong came.
    func socketPong()
    /// The server broke the protocol; the socket closes.
    func socketBroke()
    /// The socket closed or could not be opened; called once.
    func socketClosed(reason: String, code: Int64?)
}
