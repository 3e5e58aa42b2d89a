import Exchanges
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// A server that plays an exchange to WebSocket clients, on one event loop.
public final class FakeExchangeServer: @unchecked Sendable {
    let options: FakeExchangeOptions
    private let makeSource: @Sendable () throws -> any ServedFrames
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var listener: (any Channel)?
    // Used on the event loop only.
    var counts = ServedCounts()
    /// Frames due on all connections, which faults count.
    var position: UInt64 = 0
    /// What the last client is served, and all of them where connections go on from each other.
    private var shared: ServedStream?
    private var clients: [WeakClient] = []
    /// REST requests other than for definitions, which faults count.
    private var requests: UInt64 = 0
    var faults: FaultSchedule
    private var began = NIODeadline.now()
    /// The time of the source's first frame.
    var sourceStart: Int64?

    /// Makes a server; each client gets a source of its own, unless it resumes.
    public init(_ options: FakeExchangeOptions, source: @escaping @Sendable () throws -> any ServedFrames) {
        self.options = options
        faults = FaultSchedule(options.faults)
        makeSource = source
    }

    /// Begins to listen; returns the port.
    public func start() throws(FakeExchangeError) -> Int {
        _ = try options.venue()
        do {
            let secure = try security()
            let server = self
            let channel = try ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.maxMessagesPerRead, value: 1)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            AcceptLimit(server.options.connectionLimit)
                        )
                    }
                }
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(
                    .writeBufferWaterMark,
                    value: ChannelOptions.Types.WriteBufferWaterMark(low: 256 << 10, high: 1 << 20)
                )
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            RequestDeadline(.nanoseconds(server.options.requestPatience))
                        )
                        try secure(channel)
                        try server.prepare(channel)
                    }
                }
                .bind(host: options.host, port: options.port).wait()
            listener = channel
            group.next().execute { [self] in began = .now() }
            return channel.localAddress?.port ?? 0
        } catch {
            throw .cannotServe("\(error)")
        }
    }

    /// Closes everything.
    public func stop() -> ServedCounts {
        let counts = currentCounts()
        try? listener?.close().wait()
        try? group.syncShutdownGracefully()
        return counts
    }

    /// The counts so far.
    public func currentCounts() -> ServedCounts {
        (try? group.next().submit { [self] in counts }.wait()) ?? ServedCounts()
    }

    #if TLS
    private func security() throws -> @Sendable (any Channel) throws -> Void {
        guard let certificate = options.certificate else { return { _ in } }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.chain).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))
        )
        // Earlier versions are broken and deprecated (RFC 8996).
        configuration.minimumTLSVersion = .tlsv12
        let context = try NIOSSLContext(configuration: configuration)
        return { try $0.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
    }
    #else
    private func security() throws -> @Sendable (any Channel) throws -> Void {
        if options.certificate != nil { throw FakeExchangeError.cannotServe("built without TLS") }
        return { _ in }
    }
    #endif

    /// The largest client request, in bytes.
    private static let requestLimit = 1 << 20

    private func prepare(_ channel: any Channel) throws {
        let upgrader = NIOTypedWebSocketServerUpgrader<Void>(
            maxFrameSize: Self.requestLimit,
            shouldUpgrade: { [self] channel, _ in
                counts.connections += 1
                let elapsed = (NIODeadline.now() - began).nanoseconds
                let refused = !faults.due(counts.connections, at: elapsed) { $0 == .refuse }.isEmpty
                let isOver = options.closesAtEnd && counts.isOver
                return channel.eventLoop.makeSucceededFuture(refused || isOver ? nil : HTTPHeaders())
            },
            upgradePipelineHandler: { [self] channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.handler(type: RequestDeadline.self).cancel()
                    try pipeline.addHandlers([
                        ReadWhileWritable(), ClientRules(),
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 0,
                            maxAccumulatedFrameCount: 64,
                            maxAccumulatedFrameSize: Self.requestLimit
                        ),
                        try client(),
                    ])
                }
            }
        )
        let configuration = NIOTypedHTTPServerUpgradeConfiguration<Void>(upgraders: [upgrader]) {
            [self] channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(RESTResponder(self))
            }
        }
        _ = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: .init(upgradeConfiguration: configuration)
        )
    }

    private func client() throws -> FakeExchangeClient {
        let (exchange, market) = try options.venue()
        let client = FakeExchangeClient(self, try stream(exchange, market), exchange.server(of: market))
        clients.removeAll { $0.client == nil }
        clients.append(WeakClient(client: client))
        return client
    }

    private struct WeakClient {
        weak var client: FakeExchangeClient?
    }

    /// The clients that are sent what a stream brings.
    func listeners(to stream: ServedStream) -> [FakeExchangeClient] {
        clients.compactMap(\.client).filter { $0.listens(to: stream) }
    }

    private func stream(_ exchange: any Exchange, _ market: Market) throws -> ServedStream {
        if options.resumes, let shared { return shared }
        let stream = ServedStream(
            try makeSource(),
            exchange,
            market: market,
            definitions: options.definitions?.message
        )
        shared = stream
        // What it begins with can be asked for at once.
        _ = stream.nextTime()
        return stream
    }

    /// The reply to a REST request other than for definitions, nil if there is none, and the faults that it
    /// meets.
    func reply(to path: String) -> (body: [UInt8]?, faults: [ServedFault]) {
        requests += 1
        let elapsed = (NIODeadline.now() - began).nanoseconds
        let due = faults.due(requests, at: elapsed, \.isOfRequests)
        counts.faults += UInt64(due.count)
        return (shared?.reply(to: path, due.map(\.kind)), due)
    }
}
