import ArgumentParser
import Replay

/// `atelier report`: writes a session's page.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Replays recordings once and writes one HTML page that says what a session is worth.",
        discussion: """
            The page holds what was lost, counters that add up, charts of frames, prices, spreads, volume and imbalance \
            with gaps shaded, ages of books, gaps and disconnects, and the digests of the rows. It stands alone: styles \
            and drawings are in it, no script, nothing from elsewhere. The same recordings and options give the same \
            bytes. Memory is bounded whatever the length. Exit code 3 if frames are damaged or missing; the page is \
            written all the same and says so.

            Examples:
              atelier report session.mcap --out report.html
              atelier report day1/ day2/ --clock external --period 1s --out week.html --title "Week 32" --force
              atelier report session.mcap --instruments \(HelpExample.spot.exchange)/\(HelpExample.spot.market)/\(HelpExample.spot.symbol()) --out btc.html --json
            """
    )

    @Argument(
        help: "Recordings: .mcap files, folders of them, or - for standard input.",
        completion: .file(extensions: ["mcap"])
    )
    var recordings: [String]

    @Option(help: "The page to write; - is standard output.", completion: .file(extensions: ["html"]))
    var out: String

    @Option(help: "The page's title; else the recording's name.")
    var title: String?

    @OptionGroup var rows: SynchronizerArguments

    @Option(help: "Only rows of these instruments: exchange/market/symbol,… Every frame still counts.")
    var instruments: InstrumentFilter?

    @Option(help: "Only rows with ts after this (RFC 3339, date, or ns); what lies before warms up.")
    var from: TimeArgument?

    @Option(help: "Only rows with ts up to this (RFC 3339, date, or ns).")
    var to: TimeArgument?

    @Flag(help: "Replace the page if it exists.")
    var force = false

    @Flag(help: "Print a summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        if recordings.isEmpty { throw ValidationError("name at least one recording") }
        if out.isEmpty { throw ValidationError("--out takes the name of a file, found an empty one") }
        if out == "-", json {
            throw ValidationError("--json and --out - would both print: give the page a name")
        }
        if let from, let to, from.nanoseconds >= to.nanoseconds {
            throw ValidationError("--from must be before --to: the slice would be empty")
        }
    }

    mutating func run() throws {
        let options = ReplayOptions(
            synchronizer: try rows.options(),
            from: from?.nanoseconds,
            to: to?.nanoseconds,
            instruments: instruments?.instruments
        )
        do {
            try ReportRun(self, options).run()
        } catch let error as ReplayError where error.isMisuse {
            throw ValidationError(error.description)
        }
    }
}
