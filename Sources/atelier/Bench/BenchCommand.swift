import ArgumentParser
import Exchanges
import Foundation
import MarketModel
import Measurement
import Recording
import Simulation
import Synchronizer

/// `atelier bench`: measures this machine's speed and where the time goes.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures a replay's stages and the synchronizer under each clock, on this machine.",
        discussion: """
            On a recording, or on a generated session when none is named. Each clock in turn: events per second of the \
            synchronizer alone (decoded events in memory, an unchanging book of --depth levels), ns per event over \
            blocks of 64 frames, whole streamed replays on 1, 2, 4 threads and so on to all cores beside their bound, which is reading \
            the recording alone on one thread, the greatest memory of one on one thread, and seconds of each stage measured by \
            itself. One warm-up, then --repeats runs; medians. Reading, decoding, books and the synchronizer are told in \
            processor time of their one thread, whole replays, blocks, aggregating and writing by the wall. With --json one object: that of --clock, or those of \
            all clocks under "clocks".

            Examples:
              atelier bench
              atelier bench session.mcap --clock trade-driven --json
              atelier bench session.mcap --period 1s --repeats 9
            """
    )

    @Argument(
        help: "A recording; a generated session if none is named.",
        completion: .file(extensions: ["mcap"])
    )
    var recording: String?

    @Option(help: "Only this clock; else each in turn.")
    var clock: ClockMode?

    @Option(help: "Length of a row's period.")
    var period = DurationArgument(nanoseconds: 100_000_000)

    @Option(help: "Levels a side that a row carries.")
    var depth = 50

    @Option(help: "Measured runs of each stage, after one to warm up.")
    var repeats = 5

    @Option(help: "The most frames taken, and those of a generated session.")
    var frames = 200_000

    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func validate() throws {
        if !(1...1000).contains(repeats) { throw ValidationError("--repeats must be from 1 to 1000") }
        if frames < 1 { throw ValidationError("--frames must be at least 1") }
        do { try MarketSynchronizer.check(options) } catch { throw ValidationError("--\(error)") }
    }

    private var options: SynchronizerOptions {
        SynchronizerOptions(period: period.nanoseconds, depth: depth)
    }

    mutating func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "atelier-bench-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let machine = BenchMachine()
        if BenchMachine.build == "debug" {
            Console.report("warning: a debug build is many times slower (swift build -c release)")
        }
        let path = try recording ?? generate(in: folder.path())
        let bench = BenchRun(path: path, repeats: repeats, options: options)
        let clocks = clock.map { [$0] } ?? ClockMode.allCases
        var results = try endToEnd(bench, clocks)
        let input = try BenchInput(path: path, limit: frames)
        guard !input.session.order.isEmpty else {
            throw CommandFailure("\(path): no events in its frames, so there is nothing to measure")
        }
        try measure(bench, input, &results, folder.path())
        Console.endProgress()
        let report = BenchReport(
            source: recording ?? "generated session (\(BenchCommand.generated))",
            input: input,
            machine: machine,
            repeats: repeats,
            results: results
        )
        try Console.result(json ? report.json : report.text)
    }

    /// Whole replays first, so that later inputs in memory do not count in their peak.
    private func endToEnd(_ bench: BenchRun, _ clocks: [ClockMode]) throws -> [BenchResult] {
        try clocks.map { clock in
            Console.progress("replaying, \(clock.rawValue)")
            var result = BenchResult(clock: clock)
            try bench.endToEnd(&result, threads: BenchMachine.threadCounts)
            return result
        }
    }

    private func measure(
        _ bench: BenchRun,
        _ input: BenchInput,
        _ results: inout [BenchResult],
        _ folder: String
    ) throws {
        Console.progress("reading, decoding, applying books")
        var common = BenchStages()
        common.decompress = try bench.decompressing(input.frames.count)
        common.decode = bench.decoding(input)
        common.book = bench.applyingBooks(input)
        let session = input.session.repeated(untilThereAre: BenchCommand.leastEvents)
        for index in results.indices {
            let clock = results[index].clock
            Console.progress("synchronizing, \(clock.rawValue)")
            let (seconds, blocks, rows) = try bench.synchronizing(session, clock)
            let (aggregate, write) = try bench.reducing(input, clock, into: folder)
            results[index].stages = common
            let (events, fed) = (input.session.order.count, session.order.count)
            results[index].stages.synchronize = seconds * Double(events) / Double(fed)
            results[index].stages.aggregate = aggregate
            results[index].stages.write = write
            results[index].events = events
            results[index].eventsFed = fed
            results[index].rows = rows
            results[index].eventsPerSecond = Double(fed) / max(seconds, 1e-9)
            results[index].p50 = BenchRun.quantile(0.5, of: blocks)
            results[index].p99 = BenchRun.quantile(0.99, of: blocks)
        }
    }

    /// A shorter session is fed to the synchronizer repeatedly, each time shifted later.
    private static let leastEvents = 100_000

    private static var generated: String {
        let names = FeedSelection.simulated.compactMap { FeedSelection.names(of: $0).first }
        return "\(FeedSelection.list(names, "and")), seed 1"
    }

    private func generate(in folder: String) throws -> String {
        Console.progress("generating \(frames) frames")
        var plan = SimulationPlan(
            seed: 1,
            venues: try FeedSelection.simulated.map {
                try SimulationPlan.Venue(exchange: $0.name, market: FeedSelection.usualMarket(of: $0))
            }
        )
        plan.frames = frames
        let path = "\(folder)/generated.mcap"
        try RecordingOutput.write(path, force: false) { output in
            _ = try SimulatedRecording.write(plan, .zstd, to: output)
        }
        return path
    }
}
