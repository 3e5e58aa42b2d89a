import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// What a socket tells its owner, on the event loop.
protocol SocketOwner: AnyObject, Sendable {
    /// The WebSocket is open.
    func socketOpened(_ channel: any Channel)
    /// Frames can be sent; what is sent before is lost in the upgrade.
    func socketReady()
    /// A text or binary message came.
    func socketReceived(_ message: RawSpan)
    /// A pong came.
    func socketPong()
    /// The socket closed or could not be opened; told once.
    func socketClosed(reason: String, code: Int64?)
}

/// Opens WebSockets.
struct WebSocketClient: Sendable {
    let loop: any EventLoop
    let frameLimit: Int
    /// Messages in more fragments than this are refused.
    static let fragmentLimit = 65_536

    #if TLS
    private let context: NIOSSLContext

    init(loop: any EventLoop, frameLimit: Int, authorities: String?) throws(CaptureError) {
        (self.loop, self.frameLimit) = (loop, frameLimit)
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            if let authorities {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badCertificates(path: authorities ?? "the system's authorities", reason: "\(error)")
        }
    }

    private func secure(_ channel: any Channel, _ endpoint: Endpoint) throws {
        guard endpoint.isSecure else { return }
        // An address has no server name; its certificate is checked against the address.
        let isAddress = (try? SocketAddress(ipAddress: endpoint.host, port: 0)) != nil
        let name = isAddress ? nil : endpoint.host
        try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: name)
        )
    }
    #else
    init(loop: any EventLoop, frameLimit: Int, authorities: String?) throws(CaptureError) {
        (self.loop, self.frameLimit) = (loop, frameLimit)
    }

    private func secure(_ channel: any Channel, _ endpoint: Endpoint) throws {
        if endpoint.isSecure { throw CaptureError.noEncryption(endpoint.host) }
    }
    #endif

    /// Opens a WebSocket; all that happens is told to `owner`.
    func connect(_ endpoint: Endpoint, owner: any SocketOwner) {
        let handler = MessageHandler.Box(value: MessageHandler(owner: owner))
        ClientBootstrap(group: loop)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256 << 10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel, endpoint, handler).whenComplete { result in
                        switch result {
                        case .success: owner.socketReady()
                        case .failure(let error): handler.value.fail("\(error)")
                        }
                    }
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .whenFailure { handler.value.fail("\($0)") }
    }

    private func prepare(
        _ channel: any Channel,
        _ endpoint: Endpoint,
        _ handler: MessageHandler.Box
    ) throws -> EventLoopFuture<Void> {
        try secure(channel, endpoint)
        let limit = frameLimit
        let upgrader = NIOTypedWebSocketClientUpgrader<Void>(maxFrameSize: limit) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0,
                        maxAccumulatedFrameCount: Self.fragmentLimit,
                        maxAccumulatedFrameSize: limit
                    )
                )
                try pipeline.addHandler(handler.value)
            }
        }
        let standard = endpoint.port == (endpoint.isSecure ? 443 : 80)
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: endpoint.path,
            headers: ["Host": standard ? host : "\(host):\(endpoint.port)", "User-Agent": "atelier-data"]
        )
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration<Void>(
            upgradeRequestHead: head,
            upgraders: [upgrader]
        ) { channel in
            handler.value.fail("the server refused the WebSocket upgrade")
            return channel.close()
        }
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
        // Frames in the same segment as the 101 reply are frames all the same; the default drops them.
        configuration.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: configuration
        )
    }
}

/// The end of the pipeline: messages to the owner, pings answered, closes told.
final class MessageHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let owner: any SocketOwner
    private var isOver = false
    private var reason: String?
    private var code: Int64?

    /// A handler that crosses closures; all its uses are on its channel's event loop.
    struct Box: @unchecked Sendable {
        let value: MessageHandler
    }

    init(owner: any SocketOwner) { self.owner = owner }

    func handlerAdded(context: ChannelHandlerContext) {
        owner.socketOpened(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary:
            frame.unmaskedData.withUnsafeReadableBytes { owner.socketReceived($0.bytes) }
        case .ping: reply(.pong, frame.unmaskedData, context)
        case .pong: owner.socketPong()
        case .connectionClose: close(frame, context)
        default: break
        }
    }

    private func reply(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }

    private func close(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        var data = frame.unmaskedData
        code = data.readInteger(as: UInt16.self).map(Int64.init)
        let text = data.readString(length: data.readableBytes) ?? ""
        reason = text.isEmpty ? "closed by the server" : "closed by the server: \(text)"
        reply(.connectionClose, frame.unmaskedData, context)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if reason == nil { reason = "\(error)" }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(reason ?? "the connection ended without a close")
        context.fireChannelInactive()
    }

    /// Tells the end, once.
    func fail(_ reason: String) {
        guard !isOver else { return }
        isOver = true
        owner.socketClosed(reason: reason, code: code)
    }
}
