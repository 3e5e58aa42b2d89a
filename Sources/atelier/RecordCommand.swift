public import ArgumentParser
public import Capture
import Exchanges
import Glibc
public import MarketModel
import Recording

/// `atelier record`: live exchanges into a recording.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Records the public feeds of exchanges, byte for byte, until stopped.",
        discussion: """
            Files are MCAP, named after the session's start, in the folder given; gaps.jsonl beside them says what \
            is missing. Ctrl-C ends the session soundly.

            Examples:
              atelier record --out session --exchange bybit --market linear --symbols BTCUSDT,ETHUSDT
              atelier record --out session --exchange kraken --symbols BTC/USD --kinds book,trades --duration 1h
              atelier record --out test --exchange bybit --symbols BTCUSDT --endpoint ws://127.0.0.1:9001
            """
    )

    @OptionGroup var feeds: FeedOptions

    @OptionGroup var log: LogOptions

    @Option(help: "Ends after this long, such as 10m or 8h (default: when interrupted).")
    var duration: DurationArgument?

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        try feeds.check()
        try log.check()
        if let duration, duration.nanoseconds <= 0 { throw ValidationError("--duration must be above zero") }
    }

    mutating func run() throws {
        do {
            let folder = try RecordingFolder(log.out)
            for orphan in folder.orphans {
                Console.note("\(orphan): left behind by a session that was cut off (see: atelier recover)")
            }
            let session = try CaptureSession(log.plan(try feeds.connections())) { Console.note($0) }
            StopSignal.install()
            session.begin()
            let progress = CaptureProgress(session.firstPath)
            while !StopSignal.isAsked, !isOver(session.counts()) {
                usleep(100_000)
                progress.show(session)
            }
            Console.endProgress()
            try report(session.end())
        } catch let error as CaptureError {
            Console.note(error.description)
            throw ExitCode.failure
        }
    }

    private func isOver(_ counts: CaptureCounts) -> Bool {
        counts.isHopeless || duration.map { counts.elapsed >= $0.nanoseconds } ?? false
    }

    private func report(_ counts: CaptureCounts) throws {
        try CaptureReport.finish(counts, json: json)
    }
}

/// What to subscribe to, on the command line.
struct FeedOptions: ParsableArguments {
    @Option(help: "The exchange: bybit, coinbase or kraken.")
    var exchange = "bybit"

    @Option(help: "The market: spot, linear or inverse (default: linear at bybit, spot elsewhere).")
    var market: Market?

    @Option(help: "Symbols as the exchange writes them: BTCUSDT,ETHUSDT")
    var symbols: String

    @Option(help: "Kinds of feed: book,trades,liquidations,funding,open_interest (default: all there are).")
    var kinds: String?

    @Option(help: "Levels a side of the books, as the exchange offers them.")
    var depth: Int?

    @Option(help: "Another address than the exchange's own: ws://host:port/path or wss://…")
    var endpoint: String?

    /// Refuses what makes no sense, naming what would.
    func check() throws { _ = try connections() }

    /// One connection for all.
    func connections() throws -> [CapturePlan.Connection] {
        guard let found = ExchangeCatalog.named(exchange) else {
            let names = ExchangeCatalog.all.map(\.name)
            throw ValidationError(
                "unknown exchange '\(exchange)'; nearest: \(Nearest.name(to: exchange, of: names)) "
                    + "(known: \(names.joined(separator: ", ")))"
            )
        }
        let market = market ?? (found.markets.contains(.linear) ? .linear : .spot)
        guard found.markets.contains(market) else {
            throw ValidationError("\(exchange) has no market '\(market.rawValue)' here")
        }
        if let depth, !found.depths.isEmpty, !found.depths.contains(depth) {
            let depths = found.depths.map(String.init).joined(separator: ", ")
            throw ValidationError("\(exchange) offers books of \(depths) levels, found --depth \(depth)")
        }
        return [
            CapturePlan.Connection(
                exchange: found,
                market: market,
                subscriptions: try subscriptions(found),
                endpoint: endpoint
            )
        ]
    }

    private func subscriptions(_ exchange: Exchange) throws -> [Subscription] {
        let names = symbols.split(separator: ",").map(String.init)
        guard !names.isEmpty else { throw ValidationError("name at least one symbol with --symbols") }
        var kinds = exchange.kinds
        if let text = self.kinds {
            guard let wanted = FeedKindNames.kinds(of: text) else {
                throw ValidationError(
                    "--kinds takes \(FeedKindNames.names.joined(separator: ", ")); found '\(text)'"
                )
            }
            kinds = wanted.intersection(exchange.kinds)
            guard !kinds.isEmpty else { throw ValidationError("\(exchange.name) has no feed of '\(text)'") }
        }
        return names.map { Subscription(kinds, symbol: $0, depth: depth) }
    }
}

/// Where and how frames are logged, on the command line.
struct LogOptions: ParsableArguments {
    @Option(help: "The folder of the recording's files.", completion: .directory)
    var out: String

    @Option(help: "A PEM file of authorities to trust instead of the system's.", completion: .file())
    var ca: String?

    @Option(help: "How chunks are compressed: zstd, lz4 or none.")
    var compression = "zstd"

    @Option(help: "Begins a new file at each UTC hour or day: hour, day or never.")
    var rotate: CapturePlan.RotationPeriod = .never

    @Option(help: "Begins a new file after this many bytes.")
    var rotateSize: UInt64?

    @Flag(help: "Do not ask for snapshots of the books when a new file begins.")
    var noResync = false

    @Option(help: "The largest frame taken, in bytes.")
    var maxFrame = 64 << 20

    @Option(help: "The most bytes that wait for the disk.")
    var maxQueue = 256 << 20

    @Option(help: "A connection that is not open after this long is given up.")
    var connectTimeout = DurationArgument(nanoseconds: 20_000_000_000)

    @Option(help: "No data for this long ends a connection.")
    var staleness = DurationArgument(nanoseconds: 60_000_000_000)

    @Option(
        help:
            "Failed attempts in a row after which attempts become rare, and a session that never connected ends."
    )
    var maxAttempts = 10

    @Option(help: "A topic quiet for this long is noted.")
    var gapThreshold = DurationArgument(nanoseconds: 5_000_000_000)

    /// Refuses what makes no sense.
    func check() throws {
        guard chosenCompression != nil else {
            throw ValidationError("--compression is zstd, lz4 or none, found '\(compression)'")
        }
        guard (1 << 10...1 << 30).contains(maxFrame) else {
            throw ValidationError("--max-frame must be from 1024 to 1073741824 bytes, found \(maxFrame)")
        }
        guard maxQueue >= 1 << 16 else { throw ValidationError("--max-queue must be at least 65536 bytes") }
        guard maxAttempts >= 1 else { throw ValidationError("--max-attempts must be at least 1") }
        guard staleness.nanoseconds > 0, gapThreshold.nanoseconds > 0, connectTimeout.nanoseconds > 0 else {
            throw ValidationError("--staleness, --gap-threshold and --connect-timeout must be above zero")
        }
    }

    private var chosenCompression: RecordingWriter.Compression? {
        RecordingWriter.Compression.allCases.first { "\($0)" == compression }
    }

    /// The plan of these connections.
    func plan(_ connections: [CapturePlan.Connection]) -> CapturePlan {
        var plan = CapturePlan(connections: connections, folder: out)
        plan.authorities = ca
        plan.compression = chosenCompression ?? .zstd
        plan.rotation = rotate
        plan.rotationSize = rotateSize
        plan.resyncsAtRotation = !noResync
        plan.frameLimit = maxFrame
        plan.queueLimit = maxQueue
        plan.openLimit = connectTimeout.nanoseconds
        plan.staleness = staleness.nanoseconds
        plan.maximumAttempts = maxAttempts
        plan.silence = gapThreshold.nanoseconds
        plan.details = [(key: "program", value: "atelier-data 0.1.0")]
        return plan
    }
}

extension Market: ExpressibleByArgument {}
extension CapturePlan.RotationPeriod: ExpressibleByArgument {}
