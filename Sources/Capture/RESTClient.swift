import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Gets documents by HTTP, plain or encrypted: one request a connection, no redirect followed, no compression
/// asked for.
struct RESTClient: Sendable {
    let sockets: WebSocketClient
    /// The largest body taken, in bytes.
    var bodyLimit = 32 << 20
    /// So long without a byte (nanoseconds) ends a request; three times as long in all does too.
    let patience: Int64

    /// Requests a path; `done` is called once, on the event loop.
    func get(
        _ endpoint: Endpoint,
        path: String,
        done: @escaping @Sendable (Result<ByteBuffer, RESTFailure>) -> Void
    ) {
        let reader = RESTReader.Box(
            value: RESTReader(endpoint, path: path, limit: bodyLimit, patience: patience, done: done)
        )
        ClientBootstrap(group: sockets.loop)
            .connectTimeout(.nanoseconds(patience))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try sockets.secure(channel, endpoint)
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(reader.value)
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .whenFailure { reader.value.fail(SocketFailure.text(of: $0, at: endpoint)) }
    }
}
