import ArgumentParser
import Capture
import Glibc

/// `atelier record`: records live exchanges.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Records the public feeds of exchanges, byte for byte, until stopped.",
        discussion: """
            Files are MCAP, named after the session's start, in the folder given; gaps.jsonl beside them says what \
            is missing. Ctrl-C ends the session soundly.

            Examples:
              atelier record --out session --exchange \(HelpExample.usual.exchange) --market \(HelpExample.usual.market) --symbols \(HelpExample.usual.pair)
              atelier record --out session --exchange \(HelpExample.spot.exchange) --symbols \(HelpExample.spot.symbol()) --kinds book,trades --duration 1h
              atelier record --out session --feed \(HelpExample.usual.venue):\(HelpExample.usual.symbol()) --feed \(HelpExample.usual.exchange)/spot:\(HelpExample.usual.symbol()) \
            --feed \(HelpExample.spot.venue):\(HelpExample.spot.symbol())
              atelier record --manifest session.toml
              atelier record --out test --exchange \(HelpExample.usual.exchange) --symbols \(HelpExample.usual.symbol()) --endpoint ws://127.0.0.1:9001
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
        try log.check(feeds.session())
        if let duration, duration.nanoseconds <= 0 { throw ValidationError("--duration must be above zero") }
    }

    mutating func run() throws {
        do {
            let manifest = try feeds.session()
            let plan = log.plan(try feeds.connections(), manifest)
            let limit = duration?.nanoseconds ?? manifest.duration
            try RecordingFolder(plan.folder).reportOrphans()
            // Output must never block recording.
            Console.set(.none)
            let session = try CaptureSession(plan) { Console.report($0) }
            StopSignal.install()
            try session.begin()
            let progress = CaptureProgress(session.firstPath)
            while !StopSignal.isAsked, !isOver(session.counts(), limit) {
                usleep(100_000)
                progress.show(session)
            }
            Console.endProgress()
            try report(session.end())
        } catch let error as CaptureError {
            Console.report(error.description)
            throw ExitCode.failure
        }
    }

    private func isOver(_ counts: CaptureCounts, _ limit: Int64?) -> Bool {
        counts.hasGivenUp || limit.map { counts.elapsed >= $0 } ?? false
    }

    private func report(_ counts: CaptureCounts) throws {
        try CaptureReport.finish(counts, json: json)
    }
}
