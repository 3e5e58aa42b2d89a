/// Counts of a session.
public struct CaptureCounts: Sendable {
    /// Counts of one connection.
    public struct Connection: Sendable {
        /// Exchange and market.
        public var name = ""
        /// Its address.
        public var endpoint = ""
        /// Whether its WebSocket was ever open.
        public var hasOpened = false
        /// Whether it was never open, and attempts became rare.
        public var hasGivenUp = false
        /// Frames received that carry market data.
        public var dataFrames: UInt64 = 0
        /// Frames received.
        public var frames: UInt64 = 0
        /// Their bytes.
        public var bytes: UInt64 = 0
        /// When the last one came: nanoseconds since the Unix epoch; 0 before the first.
        public var lastFrame: Int64 = 0
        /// Whether its socket is open.
        public var isOpen = false
        /// Completed reconnects.
        public var reconnects = 0
        /// Times it was changed for another before the venue closed it.
        public var plannedCloses = 0
        /// Times the server broke the WebSocket protocol, each the end of a connection.
        public var protocolErrors = 0
        /// Refusals of the venue.
        public var rejections: UInt64 = 0
        /// What was requested and not received.
        public var lacking = FeedsLacking()
        /// Whether it is closed for good.
        var isStopped = false
        /// Events of symbols or topics that were not requested.
        public var unsubscribed: UInt64 = 0
        /// Symbols subscribed that the venue does not offer.
        public var unknownSymbols: [String] = []
        /// Whether the venue offers none of the symbols, so that the connection is closed for good.
        public var hasNothingLeft = false
        /// How many instruments the venue offers, if this connection asked.
        public var definitions: Int?
        /// Books that became wrong.
        public var gaps = 0
        /// The last round trip in nanoseconds; nil before the first pong.
        public var roundTrip: Int64?
        /// Why the socket last closed.
        public var lastFailure: String?
        /// Frames of unknown kinds.
        public var unknownFrames: UInt64 = 0
        /// Frames of which nothing could be read.
        public var errorFrames: UInt64 = 0
    }

    /// By connection; one that was changed for another is one.
    public var connections: [Connection] = []
    /// Gaps in the ledger.
    public var gaps = 0
    /// The duration, in nanoseconds.
    public var elapsed: Int64 = 0
    /// The current receive time.
    public var now: Int64 = 0
    /// Frames not logged.
    public var dropped: UInt64 = 0
    var log = LogCounts()

    /// Counts of nothing.
    public init() {}

    /// Whether recording is futile: no connection was ever open and all have slowed their attempts, or no
    /// symbol is offered.
    public var hasGivenUp: Bool {
        !connections.isEmpty
            && connections.allSatisfy {
                $0.hasGivenUp || $0.hasNothingLeft || $0.isStopped && $0.lacking.isWholeRefusal
            }
    }

    /// Lines about connections that received nothing, and why; empty if all did.
    public var failures: [String] {
        connections.compactMap { connection in
            if connection.hasNothingLeft {
                let unknown = connection.unknownSymbols.joined(separator: ", ")
                return "\(connection.name): the venue offers none of the symbols asked for: \(unknown)"
            }
            if !connection.hasOpened {
                let reason = connection.lastFailure ?? "no answer yet"
                return "\(connection.name): never connected to \(connection.endpoint): \(reason)"
            }
            guard connection.dataFrames == 0, connection.lacking.isWholeRefusal else { return nil }
            return "\(connection.name): \(connection.endpoint) refused what was asked for; no data came"
        }
    }

    /// Lines about feeds that were requested and not received, beside ``failures``.
    public var shortcomings: [String] {
        connections.flatMap { connection -> [String] in
            let lacking = connection.lacking
            var lines: [String] = []
            let unknown = FeedSubscriptions.listing(connection.unknownSymbols)
            if !unknown.isEmpty { lines.append("not recorded, for the venue does not offer it: \(unknown)") }
            let refused = lacking.refused.map(\.topic)
            if !refused.isEmpty {
                lines.append("refused, hence not recorded: \(FeedSubscriptions.listing(refused))")
            }
            if connection.hasOpened, connection.dataFrames == 0 {
                lines.append("\(connection.endpoint) was connected and sent no data")
            }
            let parts = [
                ("never acknowledged, and no frame came", lacking.unconfirmed),
                ("acknowledged, but no frame came", lacking.silent),
                ("without a snapshot at the end", lacking.withoutSnapshot),
            ]
            for (text, names) in parts where !names.isEmpty {
                lines.append("\(text): \(FeedSubscriptions.listing(names))")
            }
            return lines.map { "\(connection.name): \($0)" }
        }
    }

    /// Topics that depend on market activity and never sent anything: worth a line, but no failure.
    public var quietTopics: [String] {
        connections.filter { !$0.lacking.quiet.isEmpty }.map {
            "\($0.name): no frame came of \(FeedSubscriptions.listing($0.lacking.quiet)), "
                + "which speak only when the market does"
        }
    }

    /// Received frames in the log.
    public var loggedFrames: UInt64 { log.frames }
    /// Files begun.
    public var files: Int { log.files }
    /// Bytes of finished files.
    public var fileBytes: UInt64 { log.bytes }
    /// Bytes of the received frames.
    public var frameBytes: UInt64 { log.frameBytes }
    /// Files left under their `.partial` name.
    public var torn: [String] { log.torn.map(\.path) }
    /// The same, with the reason of each.
    public var tornReasons: [String] { log.torn.map { "\($0.path): \($0.reason)" } }
}

extension CaptureCounts.Connection {
    /// Adds what the connection brought in its other slot.
    mutating func add(_ other: CaptureCounts.Connection) {
        hasOpened = hasOpened || other.hasOpened
        isOpen = isOpen || other.isOpen
        dataFrames += other.dataFrames
        frames += other.frames
        bytes += other.bytes
        lastFrame = max(lastFrame, other.lastFrame)
        reconnects += other.reconnects
        protocolErrors += other.protocolErrors
        rejections += other.rejections
        unsubscribed += other.unsubscribed
        gaps += other.gaps
        unknownFrames += other.unknownFrames
        errorFrames += other.errorFrames
        definitions = definitions ?? other.definitions
        lastFailure = lastFailure ?? other.lastFailure
        if unknownSymbols.isEmpty { unknownSymbols = other.unknownSymbols }
        hasNothingLeft = hasNothingLeft || other.hasNothingLeft
    }
}
