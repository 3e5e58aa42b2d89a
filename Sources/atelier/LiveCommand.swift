import ArgumentParser
import Capture
import Glibc
import Live
import MarketFiles
import MarketModel
import Rows
import Sinks
import Synchronizer

/// `atelier live`: record, and rows at the same time.
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Records the public feeds of exchanges and makes rows of them at the same time.",
        discussion: """
            The rows are those that a replay of the recording gives: frames count once the log holds them, about a \
            second after they came (--chunk-interval). With --early they count at once; should the disk then not take \
            them, the rows say more than the log. Sinks: \(SinkDefinition.parquet.name) \
            (\(SinkDefinition.parquet.summary) in --rows) and \(SinkDefinition.terminal.name).

            Examples:
              atelier live --out session --exchange \(HelpExample.usual.exchange) --market \(HelpExample.usual.market) --symbols \(HelpExample.usual.symbol()) --sinks terminal
              atelier live --out session --rows rows --sinks parquet,terminal --exchange \(HelpExample.spot.exchange) --symbols \(HelpExample.spot.symbol()) \
            --clock external --period 1s
            """
    )

    @OptionGroup var feeds: FeedOptions

    @OptionGroup var log: LogOptions

    @Option(help: "What moves the clock (default: trade-driven).")
    var clock: ClockMode?

    @Option(help: "Length of a row's period, such as 100ms or 1s (default: 100ms).")
    var period: DurationArgument?

    @Option(
        help: """
            Where rows go: \(SinkCatalog.offered.map(\.name).joined(separator: ", ")); several with commas \
            (default: \(SinkDefinition.terminal.name)).
            """
    )
    var sinks: SinkChoice?

    @Option(help: "Folder for market files; must be new or empty.", completion: .directory)
    var rows: String?

    @Flag(
        help: "Make rows of frames as they are accepted, not once they are in the log (about a second later)."
    )
    var early = false

    @Option(
        help: "How columns of files are encoded; plain is for readers without the newer ways (older Spark)."
    )
    var encoding: FileEncoding = .automatic

    @Option(help: "Ends after this long, such as 10m or 8h (default: when interrupted).")
    var duration: DurationArgument?

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        try feeds.check()
        try log.check(feeds.session())
        if let duration, duration.nanoseconds <= 0 { throw ValidationError("--duration must be above zero") }
        guard period?.nanoseconds ?? 1 > 0 else { throw ValidationError("--period must be above zero") }
        try sinks?.check()
        guard sinks?.needsFolder ?? false == (rows != nil) else {
            let names = SinkDefinition.namesWithFolder
            throw ValidationError("the sink \(names) and the folder --rows go together")
        }
    }

    mutating func run() throws {
        do {
            let manifest = try feeds.session()
            var plan = log.plan(try feeds.connections(), manifest)
            plan.isEarly = early
            let limit = duration?.nanoseconds ?? manifest.duration
            try RecordingFolder(plan.folder).reportOrphans()
            // Output must never block recording.
            Console.set(.none)
            let session = try LiveSession(
                plan,
                options: SynchronizerOptions(
                    clock: clock ?? manifest.clock ?? .tradeDriven,
                    period: period?.nanoseconds ?? manifest.period ?? 100_000_000
                ),
                sinks: try chosenSinks(manifest)
            ) { Console.report($0) }
            StopSignal.install()
            try session.begin()
            Console.report("recording to \(session.firstPath)")
            while !StopSignal.isAsked, !isOver(session.counts(), limit) { usleep(100_000) }
            let counts = session.end()
            let reports = session.reports
            Console.report("\(session.rows) rows")
            for report in reports { Console.report("sink \(report.name): \(report.status)") }
            if session.unloggedRows > 0 {
                Console.report("\(session.unloggedRows) rows were made of frames that the log lost")
            }
            let rows = CaptureReport.Rows(
                count: session.rows,
                unlogged: session.unloggedRows,
                isWhole: session.isWhole,
                sinks: reports
            )
            try CaptureReport.finish(counts, json: json, rows)
        } catch let error as SinkError {
            throw CommandFailure(error.description)
        } catch let error as CaptureError {
            throw CommandFailure(error.description)
        }
    }

    private func isOver(_ counts: CaptureCounts, _ limit: Int64?) -> Bool {
        counts.hasGivenUp || limit.map { counts.elapsed >= $0 } ?? false
    }

    private func chosenSinks(_ manifest: SessionManifest) throws -> [any RowSink] {
        let chosen = sinks.map { $0.sinks.map { ($0, $0.needsFolder ? rows : nil) } } ?? manifest.outputs
        return try (chosen.isEmpty ? [(.terminal, nil)] : chosen).map(make)
    }

    private func make(_ sink: SinkDefinition, in folder: String?) throws -> any RowSink {
        let shows = !json
        var settings = SinkSettings { line in
            if shows { try? Console.result(line) } else { Console.report(line) }
        }
        settings.folder = try folder.map { try OutputFolder($0, force: false).path }
        settings.encoding = encoding
        settings.metadata = early ? [("early", "true")] : []
        return try sink.make(settings)
    }
}
