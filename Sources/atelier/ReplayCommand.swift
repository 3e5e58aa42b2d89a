import ArgumentParser
import MarketFiles
import MarketModel
import Replay
import Synchronizer

/// `atelier replay`: recordings in, rows out.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replays recordings through decoders, books and the synchronizer, and writes rows.",
        discussion: """
            Rows lie on a grid: row p has ts = p·period and holds what came in [ts − period, ts). The clock says what \
            moves time forward; receive time is the default basis and cannot look ahead.

            Examples:
              atelier replay session.mcap --clock trade-driven --period 100ms --out rows
              atelier replay day1/ day2/ --clock external --period 1s --json
              atelier replay session.mcap --time-basis exchange --hold-back 500ms --digest
            """
    )

    @Argument(help: "Recordings: .mcap files, or folders of them.", completion: .file(extensions: ["mcap"]))
    var recordings: [String]

    @Option(help: "What moves the clock.")
    var clock: ClockMode = .tradeDriven

    @Option(help: "Length of a row's period, such as 100ms or 1s.")
    var period = DurationArgument(nanoseconds: 100_000_000)

    @Option(help: "Whose clock places events: when frames arrived, or what the venue stamped.")
    var timeBasis: TimeBasis = .receive

    @Option(help: "How long the clock lags behind, so that late events still find their row.")
    var holdBack = DurationArgument(nanoseconds: 0)

    @Option(help: "The most rows filled over one jump of the clock; a longer one re-anchors.")
    var maxGapFill: Int64 = 36_000

    @Option(help: "Levels a side that are summed and written; books keep all.")
    var depth = 50

    @Option(help: "Only rows of these instruments: exchange/market/symbol,… Every frame still counts.")
    var instruments: String?

    @Option(help: "Only rows with ts after this (RFC 3339, date, or ns); what lies before warms up.")
    var from: TimeArgument?

    @Option(help: "Only rows with ts up to this (RFC 3339, date, or ns).")
    var to: TimeArgument?

    @Option(help: "Folder for market files; must be new or empty.", completion: .directory)
    var out: String?

    @Flag(help: "Write raw market files too: decoded events as they came.")
    var raw = false

    @Flag(help: "Write into an output folder that is not empty.")
    var force = false

    @Flag(help: "Print the digests of the rows.")
    var digest = false

    @Option(help: "Fail with exit code 3 unless the digest (or content digest) is this.")
    var expect: String?

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        if raw, out == nil { throw ValidationError("--raw writes files: name a folder with --out") }
        if recordings.isEmpty { throw ValidationError("name at least one recording") }
        if let expect, expect.count != 64 || !expect.allSatisfy(\.isHexDigit) {
            throw ValidationError("--expect takes the 64 hexadecimal digits of a digest, found '\(expect)'")
        }
        _ = try chosenInstruments()
        if let from, let to, from.nanoseconds >= to.nanoseconds {
            throw ValidationError("--from must be before --to: the slice would be empty")
        }
        do { try MarketSynchronizer.check(synchronizerOptions) } catch { throw ValidationError("--\(error)") }
    }

    private var synchronizerOptions: SynchronizerOptions {
        SynchronizerOptions(
            clock: clock,
            period: period.nanoseconds,
            timeBasis: timeBasis,
            holdBack: holdBack.nanoseconds,
            maxGapFill: maxGapFill,
            depth: depth
        )
    }

    private func chosenInstruments() throws -> [Instrument]? {
        guard let instruments else { return nil }
        return try instruments.split(separator: ",").map { text in
            guard let found = InstrumentArgument(argument: String(text)) else {
                throw ValidationError(
                    "--instruments: found '\(text)', expected exchange/market/symbol (bybit/linear/BTCUSDT)"
                )
            }
            return found.instrument
        }
    }

    mutating func run() throws {
        let options = ReplayOptions(
            synchronizer: synchronizerOptions,
            from: from?.nanoseconds,
            to: to?.nanoseconds,
            instruments: try chosenInstruments(),
            digests: digest || json || expect != nil
        )
        let output = try out.map { try OutputFolder($0, force: force) }
        let writer = out.map { MarketFileWriter(root: $0, depth: depth, metadata: metadata) }
        let started = ContinuousClock.now
        do {
            var replay = try Replay(
                paths: recordings,
                options: options,
                consumer: MarketFileConsumer(writer: writer, isRaw: raw, ledger: try output?.ledger())
            )
            try runWithProgress(&replay, since: started)
            let summary = try replay.finish()
            let files = try writer?.finish() ?? []
            try replay.consumer.ledger?.finish()
            let seconds = (ContinuousClock.now - started).seconds
            report(ReplayReport(summary, seconds: seconds, files: files, out: out))
            try conclude(summary)
        } catch let error as ExitCode {
            throw error
        } catch {
            writer?.discard()
            throw error
        }
    }

    private var metadata: [(key: String, value: String)] {
        [
            ("atelier.clock", clock.rawValue), ("atelier.period_ns", String(period.nanoseconds)),
            ("atelier.time_basis", timeBasis.rawValue),
            ("atelier.hold_back_ns", String(holdBack.nanoseconds)),
            ("atelier.depth", String(depth)),
        ]
    }

    private func runWithProgress(
        _ replay: inout Replay<MarketFileConsumer>,
        since started: ContinuousClock.Instant
    ) throws {
        while try replay.run(limit: 1 << 17) {
            guard Console.isTerminal, !json else { continue }
            let seconds = max((ContinuousClock.now - started).seconds, 1e-9)
            let rate = Double(replay.frames) / seconds
            let position = replay.position.map { UnixTime.rfc3339($0, fractionDigits: 0) } ?? ""
            Console.progress("\(replay.frames) frames, \(rate.grouped) frames/s, at \(position)")
        }
        Console.endProgress()
    }

    private func report(_ report: ReplayReport) {
        for line in report.warnings { Console.note(line) }
        print(json ? report.json.text : report.text)
    }

    private func conclude(_ summary: ReplaySummary) throws {
        if let expect = expect?.lowercased(), expect != summary.digest, expect != summary.contentDigest {
            Console.note("digest: found \(summary.digest ?? "none"), expected \(expect)")
            throw ExitCode.damage
        }
        if summary.hasDamage { throw ExitCode.damage }
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
    /// A rate for people: `1,234,567`.
    var grouped: String {
        guard magnitude < 1e15 else { return "\(self)" }
        let digits = String(Int(rounded()))
        var text = ""
        for (place, digit) in digits.reversed().enumerated() {
            if place > 0, place % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
