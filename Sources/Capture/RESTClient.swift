import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Fetches documents by HTTP, plain or encrypted: one request per connection, no redirects, no compression.
struct RESTClient: Sendable {
    let sockets: WebSocketClient
    /// The largest body accepted, in bytes.
    var bodyLimit = 32 << 20
    /// A request ends after this time (nanoseconds) without a byte, or three times as long in all.
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
