public import Exchanges
public import MarketModel
public import Recording

/// What to record, and where.
public struct CapturePlan: Sendable {
    /// One connection.
    public struct Connection: Sendable {
        /// The exchange.
        public var exchange: any Exchange
        /// The market.
        public var market: Market
        /// The feeds.
        public var subscriptions: [Subscription]
        /// The WebSocket's address (`ws://` or `wss://`), if not the exchange's own.
        public var endpoint: String?
        /// The address of the REST interface (`http://` or `https://`), if not the exchange's own.
        ///
        /// If ``endpoint`` is set and this is not, no REST interface is used.
        public var restEndpoint: String?

        /// Makes a connection.
        public init(
            exchange: any Exchange,
            market: Market,
            subscriptions: [Subscription],
            endpoint: String? = nil
        ) {
            self.exchange = exchange
            self.market = market
            self.subscriptions = subscriptions
            self.endpoint = endpoint
        }

        /// ``subscriptions`` as channel metadata has them: `book,trades:BTCUSDT book:ETHUSDT`.
        package var subscriptionText: String {
            let topics = subscriptions.map { "\($0.kinds.names.joined(separator: ",")):\($0.symbol)" }
            return topics.joined(separator: " ")
        }
    }

    /// When a new file begins.
    public enum RotationPeriod: String, Sendable, CaseIterable {
        /// With each UTC hour.
        case hour
        /// With each UTC day.
        case day
        /// By size alone, or never.
        case never

        /// Its length in nanoseconds; nil for none.
        var length: Int64? {
            switch self {
            case .hour: 3600 * UnixTime.second
            case .day: UnixTime.day
            case .never: nil
            }
        }
    }

    /// The connections.
    public var connections: [Connection]
    /// The folder of the files.
    public var folder: String
    /// A file of certificates (PEM) that are trusted instead of the system's.
    public var authorities: String?
    /// How chunks are compressed.
    public var compression = RecordingWriter.Compression.zstd
    /// A new file begins when this many bytes are written; nil = not by size.
    public var rotationSize: UInt64?
    /// When a new file begins by time.
    public var rotation = RotationPeriod.never
    /// Whether the venues are asked for the definitions of their instruments.
    public var fetchesDefinitions = true
    /// How long to wait (nanoseconds) before a request for definitions that failed is tried again, each time.
    package var definitionsRetries = [30 * UnixTime.second, 300 * UnixTime.second]
    /// A new file gets definitions of its own if those asked for last are older (nanoseconds).
    package var definitionsAge: Int64 = 60 * UnixTime.second
    /// Reads wall time: nanoseconds since the Unix epoch.
    package var wallClock: @Sendable () -> Int64 = { Monotonic.wall() }
    /// Whether each file begins with snapshots of its books.
    public var resyncsAtRotation = true
    /// The largest frame accepted, in bytes; a larger one ends its connection.
    public var frameLimit = 64 << 20
    /// The most bytes that may wait for the disk.
    public var queueLimit = 256 << 20
    /// A connection not open after this time (nanoseconds) is given up.
    public var openLimit: Int64 = 20 * UnixTime.second
    /// A connection without a data frame for this time (nanoseconds) is ended.
    public var staleness: Int64 = 60 * UnixTime.second
    /// How often (nanoseconds) values that a venue never streams are asked for.
    public var pollInterval: Int64 = 30 * UnixTime.second
    /// A topic without a frame for this time (nanoseconds) gets a status.
    public var silence: Int64 = 5 * UnixTime.second
    /// The first wait before a reconnect, in nanoseconds.
    public var initialDelay: Int64 = 100 * UnixTime.millisecond
    /// The longest wait before a reconnect, in nanoseconds.
    public var maximumDelay: Int64 = 10 * UnixTime.second
    /// The random share of each wait.
    public var jitter = 0.5
    /// After this many consecutive failures attempts become rare.
    public var maximumAttempts = 10
    /// A chunk is written at most this time (nanoseconds) after its first frame: the most a crash can cost,
    /// and the delay of live rows.
    public var chunkInterval: Int64 = UnixTime.second
    /// Whether the observer gets frames when accepted rather than once written.
    public var isEarly = false
    /// Further facts for the files' start: the manifest.
    public var details: [(key: String, value: String)] = []

    /// Plans to record connections into a folder.
    ///
    /// A connection with more subscriptions than the venue allows is split into several.
    public init(connections: [Connection], folder: String) {
        self.connections = connections.flatMap(\.withinLimits)
        self.folder = folder
    }
}

extension CapturePlan {
    /// When to try again what failed.
    var reconnectPolicy: ReconnectPolicy {
        var policy = ReconnectPolicy()
        policy.initialDelay = initialDelay
        policy.maximumDelay = maximumDelay
        policy.jitter = jitter
        policy.maximumAttempts = maximumAttempts
        return policy
    }
}

extension CapturePlan.Connection {
    /// The connection, or several that divide its subscriptions within the venue's limit.
    package var withinLimits: [CapturePlan.Connection] {
        guard let limit = exchange.session.requestLimit else { return [self] }
        var parts: [[Subscription]] = [[]]
        var size = 0
        for subscription in subscriptions {
            let bytes = exchange.requests(for: [subscription], market: market).reduce(0) {
                $0 + $1.utf8.count
            }
            if size + bytes > limit, size > 0 {
                parts.append([])
                size = 0
            }
            parts[parts.count - 1].append(subscription)
            size += bytes
        }
        return parts.map { part in
            var connection = self
            connection.subscriptions = part
            return connection
        }
    }
}

extension CapturePlan.Connection {
    /// The address of its socket.
    var address: String { endpoint ?? exchange.endpoint(of: market) ?? "" }

    /// Throws if an address is invalid.
    func checkAddresses() throws(CaptureError) {
        _ = try Endpoint(address)
        if let restEndpoint { _ = try Endpoint(rest: restEndpoint) }
    }
}
