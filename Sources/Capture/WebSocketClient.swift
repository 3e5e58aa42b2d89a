import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

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
        // Earlier versions are broken and deprecated (RFC 8996).
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let authorities {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badCertificates(path: authorities ?? "the system's authorities", reason: "\(error)")
        }
    }

    /// Encrypts a channel if the address asks for it.
    func secure(_ channel: any Channel, _ endpoint: Endpoint) throws {
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

    /// Refuses an encrypted address: this build has no TLS.
    func secure(_ channel: any Channel, _ endpoint: Endpoint) throws {
        if endpoint.isSecure { throw CaptureError.noEncryption(endpoint.host) }
    }
    #endif

    /// Opens a WebSocket and reports its events to `owner`.
    func connect(_ endpoint: Endpoint, owner: any SocketOwner) {
        let handler = MessageHandler.Box(
            value: MessageHandler(owner: owner, endpoint: endpoint, frameLimit: frameLimit)
        )
        ClientBootstrap(group: loop)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256 << 10))
            .channelInitializer { channel in
                owner.socketBegan(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try prepare(channel, endpoint, handler).whenComplete { result in
                        switch result {
                        case .success: owner.socketReady()
                        case .failure(let error as NIOHTTPClientUpgradeError):
                            handler.value.refuse(SocketFailure.text(of: error, at: endpoint))
                        case .failure(let error):
                            handler.value.fail(SocketFailure.text(of: error, at: endpoint))
                        }
                    }
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .whenFailure { handler.value.fail(SocketFailure.text(of: $0, at: endpoint)) }
    }

    private func prepare(
        _ channel: any Channel,
        _ endpoint: Endpoint,
        _ handler: MessageHandler.Box
    ) throws -> EventLoopFuture<Void> {
        try secure(channel, endpoint)
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
            upgraders: [UpgradeCheck(handler)]
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(RefusalReader(handler.value))
            }
        }
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
        // Frames may arrive in the same segment as the 101 reply; the default drops them.
        configuration.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: configuration
        )
    }
}
