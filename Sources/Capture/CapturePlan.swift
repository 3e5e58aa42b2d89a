public import Exchanges
public import MarketModel
public import Recording

/// What to record and where to.
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
        /// Where ``endpoint`` is set and this is not, no REST interface is asked.
        public var restEndpoint: String?

        /// Names a connection.
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
    /// The largest frame taken, in bytes; a larger one ends its connection.
    public var frameLimit = 64 << 20
    /// The most bytes that wait for the disk.
    public var queueLimit = 256 << 20
    /// A connection that is not open after so long (nanoseconds) is given up.
    public var openLimit: Int64 = 20 * UnixTime.second
    /// No data frame for so long (nanoseconds) ends a connection.
    public var staleness: Int64 = 60 * UnixTime.second
    /// A topic quiet for so long (nanoseconds) is noted.
    public var silence: Int64 = 5 * UnixTime.second
    /// The first wait before a reconnect, in nanoseconds.
    public var initialDelay: Int64 = 100 * UnixTime.millisecond
    /// The longest wait before a reconnect, in nanoseconds.
    public var maximumDelay: Int64 = 10 * UnixTime.second
    /// The share of each wait left to chance.
    public var jitter = 0.5
    /// After this many failures in a row attempts become rare.
    public var maximumAttempts = 10
    /// A chunk is written at the latest so long (nanoseconds) after its first frame: what a crash can cost, and how
    /// late rows are that are made beside the log.
    public var chunkInterval: Int64 = UnixTime.second
    /// Whether rows are made of frames as they are accepted, rather than once they are written.
    public var isEarly = false
    /// Further facts for the files' heads: the manifest.
    public var details: [(key: String, value: String)] = []

    /// Plans to record connections into a folder.
    ///
    /// A connection that asks for more than the venue allows on one becomes several.
    public init(connections: [Connection], folder: String) {
        self.connections = connections.flatMap(\.withinLimits)
        self.folder = folder
    }
}

extension CapturePlan.Connection {
    /// The connection, or several that share its subscriptions within the venue's limit.
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
    /// Where its socket is opened.
    var address: String { endpoint ?? exchange.endpoint(of: market) ?? "" }

    /// Refuses addresses that are none.
    func checkAddresses() throws(CaptureError) {
        _ = try Endpoint(address)
        if let restEndpoint { _ = try Endpoint(rest: restEndpoint) }
    }
}
