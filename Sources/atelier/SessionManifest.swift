import Capture
import Exchanges
import MarketModel
import Sinks
import Synchronizer

/// A session as a TOML file: what to record, where, and the outputs.
///
/// `[collect]` is one connection, or the values common to all `[[workers]]`, each of which is a connection.
struct SessionManifest {
    private(set) var connections: [CapturePlan.Connection] = []
    private(set) var folder: String?
    /// The session's duration, in nanoseconds; nil = until interrupted.
    private(set) var duration: Int64?
    private(set) var clock: ClockMode?
    private(set) var period: Int64?
    /// The sinks for rows, each with its folder if it needs one.
    private(set) var outputs: [(sink: SinkDefinition, folder: String?)] = []
    private var text: String?
    private var authorities: String?
    private var definitions: Bool?
    private var compression: String?
    private var rotation: CapturePlan.RotationPeriod?
    private var rotationSize: UInt64?
    private var chunkInterval: Int64?
    private var pollInterval: Int64?
    private var staleness: Int64?
    private var silence: Int64?
    private var initialDelay: Int64?
    private var maximumDelay: Int64?
    private var maximumAttempts: Int?
    private var jitter: Double?

    /// No manifest.
    init() {}

    /// Reads a file.
    init(path: String) throws {
        let root = try ManifestTable.read(path)
        try root.check(["session", "collect", "workers"])
        text = root.text
        if let session = try root.table("session") { try read(session: session) }
        let collect = try root.table("collect")
        if let collect { try read(collect: collect) }
        let workers = try root.tables("workers")
        if workers.isEmpty, let collect { connections = [try Self.connection(collect, nil)] }
        for worker in workers {
            try worker.check(Self.feedKeys)
            connections.append(try Self.connection(worker, collect))
        }
        guard !connections.isEmpty else {
            throw root.refusal("collect", "nothing to record: write [collect] or [[workers]]")
        }
    }

    private mutating func read(session: ManifestTable) throws {
        try session.check([
            "duration_hours", "duration", "out", "compression", "rotate", "rotate_size", "ca", "definitions",
            "chunk_interval", "poll",
        ])
        duration =
            try session.duration("duration", unit: UnixTime.second)
            ?? session.duration("duration_hours", unit: 3_600 * UnixTime.second)
        folder = try session.text("out")
        authorities = try session.text("ca")
        definitions = try session.flag("definitions")
        compression = try session.text("compression")
        if let compression, LogOptions.compression(compression) == nil {
            throw session.refusal("compression", "expected zstd, lz4 or none, found \"\(compression)\"")
        }
        rotation = try session.choice("rotate", CapturePlan.RotationPeriod.self)
        rotationSize = try session.count("rotate_size", 1 << 16...1 << 50).map(UInt64.init)
        pollInterval = try Self.checked(session.duration("poll", unit: UnixTime.second), session)
        chunkInterval = try session.duration("chunk_interval", unit: UnixTime.millisecond)
        guard LogOptions.chunkIntervals.contains(chunkInterval ?? UnixTime.second) else {
            throw session.refusal("chunk_interval", "expected from \"50ms\" to \"1s\"")
        }
    }

    private static func checked(_ poll: Int64?, _ session: ManifestTable) throws -> Int64? {
        guard poll ?? UnixTime.second >= UnixTime.second else {
            throw session.refusal("poll", "expected at least \"1s\"")
        }
        return poll
    }

    private static let feedKeys = [
        "exchange", "market_type", "symbols", "symbol", "datatypes", "depth", "endpoint",
        "rest_endpoint",
    ]

    private mutating func read(collect: ManifestTable) throws {
        try collect.check(
            Self.feedKeys + ["staleness_timeout_secs", "gap_threshold_secs", "reconnect", "sync", "output"]
        )
        staleness = try collect.duration("staleness_timeout_secs", unit: UnixTime.second)
        silence = try collect.duration("gap_threshold_secs", unit: UnixTime.second)
        if let reconnect = try collect.table("reconnect") {
            try reconnect.check(["initial_delay_ms", "max_delay_ms", "max_attempts", "jitter_factor"])
            initialDelay = try reconnect.duration("initial_delay_ms", unit: UnixTime.millisecond)
            maximumDelay = try reconnect.duration("max_delay_ms", unit: UnixTime.millisecond)
            maximumAttempts = try reconnect.count("max_attempts", 1...1_000_000)
            jitter = try reconnect.number("jitter_factor", 0...1)
        }
        if let sync = try collect.table("sync") {
            try sync.check(["sync_mode", "update_frequency"])
            clock = try sync.choice("sync_mode", ClockMode.self)
            period = try sync.duration("update_frequency", unit: UnixTime.millisecond)
        }
        for output in try collect.tables("output") {
            try output.check(["type", "path"])
            outputs.append(try Self.output(output))
        }
    }

    private static func output(
        _ table: ManifestTable
    ) throws(ManifestError) -> (sink: SinkDefinition, folder: String?) {
        let offered = SinkCatalog.offered.map(\.name)
        if let refusal = try table.text("type").flatMap(SinkCatalog.named)?.refusal {
            throw table.refusal("type", refusal)
        }
        guard let sink = try table.choice("type", offered).flatMap(SinkCatalog.named) else {
            throw table.refusal("type", "missing; expected \(offered.joined(separator: " or "))")
        }
        let folder = try table.text("path")
        guard sink.needsFolder == (folder != nil) else {
            let names = SinkDefinition.namesWithFolder
            throw table.refusal("path", "a folder goes with the type \(names), and with no other")
        }
        return (sink, folder)
    }

    // MARK: - Feeds

    /// A connection of one table, with another table's values as defaults.
    private static func connection(
        _ own: ManifestTable,
        _ shared: ManifestTable?
    ) throws -> CapturePlan.Connection {
        func first<Value>(_ read: (ManifestTable) throws -> Value?) throws -> Value? {
            try read(own) ?? shared.flatMap(read)
        }
        let exchange = try first { try $0.text("exchange") }
        guard let exchange else {
            throw own.refusal("exchange", "missing; expected such as \"\(HelpExample.usual.exchange)\"")
        }
        do {
            var connection = try FeedSelection.connection(
                exchange: exchange,
                market: try first { try $0.text("market_type") }.map(FeedSelection.market),
                symbols: try first { try $0.texts("symbols") ?? $0.texts("symbol") } ?? [],
                kinds: try first { try $0.table("datatypes") }.map(kinds),
                depth: try first { try $0.count("depth", 1...10_000) }
            )
            connection.endpoint = try first {
                try address($0, "endpoint") { (text) throws(CaptureError) in _ = try Endpoint(text) }
            }
            connection.restEndpoint = try first {
                try address($0, "rest_endpoint") { (text) throws(CaptureError) in _ = try Endpoint(rest: text)
                }
            }
            return connection
        } catch let error as FeedError {
            throw own.refusal(key(of: error), error.description)
        }
    }

    /// An address of a table; throws if it is invalid.
    private static func address(
        _ table: ManifestTable,
        _ key: String,
        _ check: (String) throws(CaptureError) -> Void
    ) throws -> String? {
        guard let text = try table.text(key) else { return nil }
        do throws(CaptureError) { try check(text) } catch { throw table.refusal(key, error.description) }
        return text
    }

    private static func key(of error: FeedError) -> String {
        switch error {
        case .market, .noMarket: "market_type"
        case .depth: "depth"
        case .noKind, .kinds: "datatypes"
        case .noSymbols: "symbols"
        default: "exchange"
        }
    }

    private static func kinds(_ table: ManifestTable) throws(ManifestError) -> FeedKinds {
        try table.check(DataKind.all.map(\.manifestKey))
        var kinds: FeedKinds = []
        for kind in DataKind.all where try table.flag(kind.manifestKey) == true { kinds.insert(kind.feed) }
        return kinds
    }

    // MARK: - The plan

    /// Applies the manifest to a plan.
    func complete(_ plan: inout CapturePlan) {
        plan.authorities = authorities
        plan.fetchesDefinitions = definitions ?? plan.fetchesDefinitions
        plan.compression = compression.flatMap(LogOptions.compression) ?? plan.compression
        plan.rotation = rotation ?? plan.rotation
        plan.rotationSize = rotationSize ?? plan.rotationSize
        plan.pollInterval = pollInterval ?? plan.pollInterval
        plan.chunkInterval = chunkInterval ?? plan.chunkInterval
        plan.staleness = staleness ?? plan.staleness
        plan.silence = silence ?? plan.silence
        plan.initialDelay = initialDelay ?? plan.initialDelay
        plan.maximumDelay = max(maximumDelay ?? plan.maximumDelay, plan.initialDelay)
        plan.maximumAttempts = maximumAttempts ?? plan.maximumAttempts
        plan.jitter = jitter ?? plan.jitter
        if let text { plan.details.append((key: "manifest", value: text)) }
    }
}
