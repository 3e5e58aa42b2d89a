import ArgumentParser
import Capture
import Glibc
import Live
import MarketModel
import Sinks
import Synchronizer

/// `atelier live`: record, and rows at the same time.
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Records the public feeds of exchanges and makes rows of them at the same time.",
        discussion: """
            The rows are those that a replay of the recording gives. Sinks: parquet (market files in --rows) and \
            terminal.

            Examples:
              atelier live --out session --exchange bybit --market linear --symbols BTCUSDT --sinks terminal
              atelier live --out session --rows rows --sinks parquet,terminal --exchange kraken --symbols BTC/USD \
            --clock external --period 1s
            """
    )

    @OptionGroup var feeds: FeedOptions

    @OptionGroup var log: LogOptions

    @Option(help: "What moves the clock.")
    var clock: ClockMode = .tradeDriven

    @Option(help: "Length of a row's period, such as 100ms or 1s.")
    var period = DurationArgument(nanoseconds: 100_000_000)

    @Option(help: "Where rows go: parquet, terminal; several with commas.")
    var sinks = SinkChoice(names: ["terminal"])

    @Option(help: "Folder for market files; must be new or empty.", completion: .directory)
    var rows: String?

    @Option(help: "Ends after this long, such as 10m or 8h (default: when interrupted).")
    var duration: DurationArgument?

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        try feeds.check()
        try log.check()
        if let duration, duration.nanoseconds <= 0 { throw ValidationError("--duration must be above zero") }
        guard period.nanoseconds > 0 else { throw ValidationError("--period must be above zero") }
        try sinks.check()
        guard sinks.hasParquet == (rows != nil) else {
            throw ValidationError("the sink parquet and the folder --rows go together")
        }
    }

    mutating func run() throws {
        do {
            _ = try RecordingFolder(log.out)
            let session = try LiveSession(
                log.plan(try feeds.connections()),
                options: SynchronizerOptions(clock: clock, period: period.nanoseconds),
                sinks: try chosenSinks()
            ) { Console.note($0) }
            StopSignal.install()
            session.begin()
            Console.note("recording to \(session.firstPath)")
            while !StopSignal.isAsked, !isOver(session.counts()) { usleep(100_000) }
            let counts = session.end()
            Console.note("\(session.rows) rows")
            try CaptureReport.finish(counts, json: json)
        } catch let error as CaptureError {
            throw CommandFailure(error.description)
        }
    }

    private func isOver(_ counts: CaptureCounts) -> Bool {
        counts.isHopeless || duration.map { counts.elapsed >= $0.nanoseconds } ?? false
    }

    private func chosenSinks() throws -> [any Sink] {
        try sinks.names.map { name -> any Sink in
            guard name == "parquet", let rows else {
                let shows = !json
                return TerminalSink { line in
                    if shows { try? Console.result(line) } else { Console.note(line) }
                }
            }
            return ParquetSink(folder: try OutputFolder(rows, force: false).path)
        }
    }
}
