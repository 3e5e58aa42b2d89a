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
        /// The path of the WebSocket's address that has its channels; nil of the address's own.
        package var path: String?
        /// The group of connections that bring the same; nil for one by itself.
        package var redundant: String?
        /// The connection that it takes turns with, of which it is the second slot.
        package var standsFor: Int?

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
    /// After how long (nanoseconds) connections are changed; nil for the venue's own limit, where it has one.
    package var lifetime: Int64?
    /// How long (nanoseconds) the next connection flows before the one it follows is closed.
    package var overlap: Int64 = 2 * UnixTime.second
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
    /// A connection with more subscriptions than the venue allows, or with channels of several addresses, is
    /// split into several.
    public init(connections: [Connection], folder: String) {
        self.connections = connections.flatMap(\.byPath).flatMap(\.withinLimits)
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
    /// The connection, or several that divide its channels by the paths that have them.
    ///
    /// What comes by REST alone belongs to the last.
    package var byPath: [CapturePlan.Connection] {
        let channels = exchange.channels(of: market)
        var paths: [String?] = []
        for channel in channels where !paths.contains(channel.path) { paths.append(channel.path) }
        let streamed = channels.reduce(FeedKinds()) { $0.union($1.kinds) }
        let parts = paths.map { path in
            let own = channels.filter { $0.path == path }.reduce(FeedKinds()) { $0.union($1.kinds) }
            var part = self
            part.path = path
            part.subscriptions = subscriptions.compactMap { wanted in
                let rest = path == paths.last ? wanted.kinds.subtracting(streamed) : []
                let kinds = wanted.kinds.intersection(own).union(rest)
                return kinds.isEmpty ? nil : Subscription(kinds, symbol: wanted.symbol, depth: wanted.depth)
            }
            return part
        }
        return paths.count > 1 ? parts.filter { !$0.subscriptions.isEmpty } : parts
    }

    /// The connection, or several that divide its subscriptions within the venue's limits.
    package var withinLimits: [CapturePlan.Connection] {
        let rules = exchange.session
        var parts: [[Subscription]] = [[]]
        var (size, count) = (0, 0)
        for subscription in subscriptions {
            let topics = exchange.topics(of: [subscription], market: market)
            let bytes = exchange.requests(topics: topics, market: market).reduce(0) {
                $0 + $1.text.utf8.count
            }
            let isFull =
                size + bytes > rules.requestLimit ?? .max || count + topics.count > rules.topicLimit ?? .max
            if isFull, count > 0 {
                parts.append([])
                (size, count) = (0, 0)
            }
            parts[parts.count - 1].append(subscription)
            (size, count) = (size + bytes, count + topics.count)
        }
        return parts.map { part in
            var connection = self
            connection.subscriptions = part
            return connection
        }
    }
}

extension CapturePlan.Connection {
    /// The address of its socket; one that was given with a path is taken as it is.
    package var address: String {
        let own = endpoint ?? exchange.endpoint(of: market) ?? ""
        guard let path, let parts = try? Endpoint(own), endpoint == nil || parts.path == "/" else {
            return own
        }
        return own.hasSuffix(parts.path) ? "\(own.dropLast(parts.path.utf8.count))\(path)" : "\(own)\(path)"
    }

    /// Throws if an address is invalid.
    func checkAddresses() throws(CaptureError) {
        _ = try Endpoint(address)
        if let restEndpoint { _ = try Endpoint(rest: restEndpoint) }
    }
}
