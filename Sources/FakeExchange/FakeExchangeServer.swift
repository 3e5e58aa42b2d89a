public import Exchanges
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// How a fake exchange behaves.
public struct FakeExchangeOptions: Sendable {
    /// The exchange it plays.
    public let exchange: String
    /// The market it plays.
    public let market: String
    let catalog: ExchangeCatalog
    /// Where it listens.
    public var host = "127.0.0.1"
    /// The port; 0 takes a free one.
    public var port = 0
    /// How much faster than recorded; nil = as fast as the client reads.
    public var speed: Double? = 1
    /// Whether a new connection goes on where the last one stopped, rather than from the beginning.
    public var resumes = false
    /// Whether a connection is closed, with code 1000, when the source is played to its end.
    public var closesAtEnd = false
    /// What goes wrong.
    public var faults: [ServedFault] = []
    /// What it says of the instruments it offers; nil answers no such request.
    public var definitions: ServedDefinitions?
    /// The levels a side of the books it has; nil takes any.
    ///
    /// Others are refused in the venue's words.
    public var depths: Set<Int>?
    /// The most connections at a time; more wait.
    public var connectionLimit = 1_000
    /// A connection whose request is not whole after so long (nanoseconds) is closed.
    public var requestPatience: Int64 = 10_000_000_000
    /// PEM files for `wss://`; nil serves `ws://`.
    public var certificate: (chain: String, key: String)?

    /// Plays an exchange's market.
    public init(exchange: String, market: String, catalog: ExchangeCatalog = .standard) {
        (self.exchange, self.market, self.catalog) = (exchange, market, catalog)
    }

    /// What is played; fails where nobody knows how it speaks.
    func venue() throws(FakeExchangeError) -> (exchange: any Exchange, market: Market) {
        guard let found = catalog.named(exchange), let market = Market(rawValue: market) else {
            let known = catalog.all.map(\.name).joined(separator: ", ")
            throw .cannotServe("nobody knows how \(exchange)/\(market) speaks (known exchanges: \(known))")
        }
        return (found, market)
    }
}

/// Why nothing is served.
public enum FakeExchangeError: Error, Equatable, CustomStringConvertible {
    /// The port cannot be had, or the certificate not be used.
    case cannotServe(String)

    /// What happened.
    public var description: String {
        switch self {
        case .cannotServe(let reason): "cannot serve: \(reason)"
        }
    }
}

/// What was served.
public struct ServedCounts: Sendable, Equatable {
    /// Connections accepted.
    public var connections: UInt64 = 0
    /// Frames of the source sent, duplicates included.
    public var frames: UInt64 = 0
    /// Snapshots made for clients that subscribed in the middle.
    public var snapshots: UInt64 = 0
    /// Answers to requests.
    public var answers: UInt64 = 0
    /// REST replies.
    public var replies: UInt64 = 0
    /// Frames left out, doubled or changed on purpose.
    public var faults: UInt64 = 0
    /// Whether the source has been played to its end.
    public var isOver = false
}

/// A server that plays an exchange to WebSocket clients; one event loop.
public final class FakeExchangeServer: @unchecked Sendable {
    let options: FakeExchangeOptions
    private let makeSource: @Sendable () throws -> any FrameSource
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var listener: (any Channel)?
    // On the event loop alone.
    var counts = ServedCounts()
    /// Frames of the source that came to be sent, over all connections: what faults count.
    var position: UInt64 = 0
    private var shared: ServedStream?
    var faults: FaultSchedule
    private var began = NIODeadline.now()
    /// The time of the source's first frame.
    var sourceStart: Int64?

    /// Makes a server; each client gets a source of its own, unless it resumes.
    public init(_ options: FakeExchangeOptions, source: @escaping @Sendable () throws -> any FrameSource) {
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

    /// What was served so far.
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

    /// No request of a client is larger, in bytes.
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
        return FakeExchangeClient(self, try stream(exchange, market), exchange.server(of: market))
    }

    private func stream(_ exchange: any Exchange, _ market: Market) throws -> ServedStream {
        if options.resumes, let shared { return shared }
        let stream = ServedStream(
            try makeSource(),
            exchange,
            market: market,
            definitions: options.definitions?.message
        )
        if options.resumes { shared = stream }
        return stream
    }
}
