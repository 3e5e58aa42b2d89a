import ArgumentParser
import ByteCoding
import Exchanges
import Glibc
import MarketModel
import Recording
import Simulation

/// `atelier simulate`: a synthetic session in the venues' wire formats.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Writes a synthetic session in the venues' wire formats; the same options give the same frames.",
        discussion: """
            Clustered order flow, books of realistic depth that trades hit, liquidations, funding, open interest, \
            right sequences and checksums. Venues: \
            \(FeedSelection.simulated.flatMap(FeedSelection.names).joined(separator: ", ")).

            Examples:
              atelier simulate --out session.mcap --venues \
            \(FeedSelection.simulated.compactMap { FeedSelection.names(of: $0).first }.joined(separator: ",")) \
            --seed 7 --duration 10m
              atelier simulate --out frames.jsonl --venues \(HelpExample.spot.venue) --symbols \(HelpExample.spot.symbol()) --frames 1000
              atelier simulate --out faulty.mcap --venues \(HelpExample.usual.exchange)/spot --faults gap=0.01,reconnect --frames 50000
            """
    )

    @Option(help: "The recording to write (.mcap), or lines for `import` (.jsonl, - for standard output).")
    var out: String

    @Option(help: "What to simulate, one connection each: exchange or exchange/market,…")
    var venues = HelpExample.usual.venue

    @Option(help: "Symbols; each goes to the venues that know it. Each venue's first two if none is named.")
    var symbols: String?

    @Option(help: "Everything random stems from it.")
    var seed: UInt64 = 1

    @Option(help: "How long the session lasts.")
    var duration: DurationArgument?

    @Option(help: "How many received frames it holds.")
    var frames: Int?

    @Option(help: "Levels a side of the books (default: as usual at the venue).")
    var depth: Int?

    @Option(help: "When it begins (RFC 3339, date, or ns).")
    var start: TimeArgument?

    @Option(help: "Multiplies how often things happen.")
    var activity = 1.0

    @Option(
        help:
            """
            What goes wrong: all, or names with chances, such as gap=0.01,checksum. Names: \
            \(SimulationFault.allCases.map(\.rawValue).joined(separator: ", ")).
            """
    )
    var faults = ""

    @Option(help: "How chunks are compressed: zstd, lz4 or none.")
    var compression = "zstd"

    @Flag(
        help: "Begin with the definitions of the instruments, as a recorder asks for them (into .mcap only)."
    )
    var definitions = false

    @Flag(help: "Replace a file that exists.")
    var force = false

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        guard duration != nil || frames != nil else {
            throw ValidationError("say how long: --duration 10m or --frames 100000")
        }
        if let frames, frames < 1 { throw ValidationError("--frames must be at least 1, found \(frames)") }
        if let duration, duration.nanoseconds <= 0 { throw ValidationError("--duration must be above zero") }
        if let depth, !(6...25_000).contains(depth) {
            throw ValidationError("--depth must be from 6 to 25000, found \(depth)")
        }
        guard activity > 0, activity <= 1_000 else {
            throw ValidationError("--activity must be above 0 and at most 1000, found \(activity)")
        }
        guard chosenCompression != nil else {
            throw ValidationError("--compression is zstd, lz4 or none, found '\(compression)'")
        }
        guard !definitions || out.hasSuffix(".mcap") else {
            throw ValidationError("--definitions goes with a recording: name an --out that ends with .mcap")
        }
        do {
            _ = try plan()
        } catch {
            throw ValidationError(error.description)
        }
    }

    private var chosenCompression: RecordingWriter.Compression? {
        RecordingWriter.Compression.allCases.first { "\($0)" == compression }
    }

    private func plan() throws(SimulationError) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, venues: try SimulatedVenues.parse(venues, symbols, depth))
        plan.duration = duration?.nanoseconds
        plan.frames = frames
        plan.activity = activity
        plan.faults = try SimulationFaults(parsing: faults)
        if let start { plan.start = start.nanoseconds }
        return plan
    }

    mutating func run() throws {
        guard force || out == "-" || access(out, F_OK) != 0 else {
            Console.report("\(out): exists already (add --force to replace it)")
            throw ExitCode.failure
        }
        do {
            try write()
        } catch let error as ByteCodingError {
            Console.report(error.description)
            throw ExitCode.failure
        } catch let error as RecordingError {
            Console.report("\(error)")
            throw ExitCode.failure
        }
    }

    private func write() throws {
        let output = try ByteOutput(path: out)
        let began = ContinuousClock.now
        let summary: SimulatedSummary
        do {
            if out.hasSuffix(".mcap") {
                summary = try SimulatedRecording.write(
                    plan(),
                    chosenCompression ?? .zstd,
                    definitions: definitions,
                    to: output
                )
            } else {
                summary = try SimulatedLines.write(plan(), to: output)
            }
            try output.finish(replacing: force)
        } catch {
            output.discard()
            throw error
        }
        let elapsed = began.duration(to: .now) / .seconds(1)
        guard out != "-" else { return }
        try report(summary, elapsed)
    }

    private func report(_ summary: SimulatedSummary, _ seconds: Double) throws {
        let rate = seconds > 0 ? Double(summary.bytes) / seconds / 1e6 : 0
        guard json else {
            try Console.result(
                "\(PrintableText.escaped(out)): \(summary.frames) frames, \(summary.bytes) bytes of frames, \(Int(rate)) MB/s"
            )
            return
        }
        let object: [(String, JSONOutput)] = [
            ("out", .string(out)), ("seed", .wide(seed)), ("venues", .string(venues)),
            ("frames", .count(summary.frames)), ("frame_bytes", .count(summary.bytes)),
            ("start_ns", .wide(summary.start)), ("end_ns", .wide(summary.end)),
            ("sha256", .string(summary.sha256)), ("sha256_of", .string("each received frame and a newline")),
            ("seconds", .double(seconds)),
        ]
        try Console.result(JSONOutput.object(object).text)
    }
}
