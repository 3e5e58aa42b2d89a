import ArgumentParser
import MarketFiles
import MarketModel

/// `atelier stats`: the contents of a folder of market files.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Says what a folder of market files holds, by instrument and data type.",
        discussion: """
            Reads every file whole and checks its values: rows, span, price range, gaps. A gap is a step between \
            successive times longer than --gap-threshold. Both folder layouts; a file that is refused is named, and the \
            exit code is 1.

            Examples:
              atelier stats rows
              atelier stats rows --gap-threshold 1min --json
            """
    )

    @Argument(help: "A folder of market files, such as replay --out makes.", completion: .directory)
    var folder: String

    @Option(help: "A longer step between successive times counts as a gap.")
    var gapThreshold = DurationArgument(nanoseconds: 5_000_000_000)

    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func validate() throws {
        if gapThreshold.nanoseconds <= 0 { throw ValidationError("--gap-threshold must be above 0") }
    }

    mutating func run() throws {
        let scan = try MarketFolderScan(folder)
        if scan.entries.isEmpty {
            throw CommandFailure(
                "\(folder): no market files in this folder (atelier replay --out makes them)"
            )
        }
        var statistics = MarketFolderStatistics(threshold: gapThreshold.nanoseconds)
        var refused: [(path: String, reason: String)] = []
        for (index, file) in scan.entries.enumerated() {
            Console.progress("reading \(index + 1) of \(scan.entries.count) files")
            do { try statistics.add(file) } catch { refused.append((file.path, "\(error)")) }
        }
        Console.endProgress()
        for file in refused { Console.report(PrintableText.escaped(file.reason)) }
        for path in scan.others { Console.report("\(PrintableText.escaped(path)): no market file, left out") }
        try Console.result(json ? report(statistics, scan, refused).text : table(statistics.entries).text)
        if !refused.isEmpty { throw ExitCode.failure }
    }

    private func report(
        _ statistics: MarketFolderStatistics,
        _ scan: MarketFolderScan,
        _ refused: [(path: String, reason: String)]
    ) -> JSONOutput {
        .object([
            ("folder", .string(folder)), ("files", .integer(scan.entries.count)),
            ("gap_threshold_ns", .wide(statistics.threshold)),
            ("entries", .array(statistics.entries.map(StatsCommand.object))),
            (
                "refused",
                .array(refused.map { .object([("file", .string($0.path)), ("what", .string($0.reason))]) })
            ),
            ("others", .array(scan.others.map(JSONOutput.string))),
        ])
    }

    private static func object(_ entry: MarketFolderStatistics.Entry) -> JSONOutput {
        .object([
            ("exchange", .string(entry.instrument.exchange)),
            ("market", .string(entry.instrument.market.rawValue)),
            ("symbol", .string(entry.instrument.symbol)), ("type", .string(entry.type.folder)),
            ("stage", .string(entry.stage.rawValue)), ("files", .integer(entry.files)),
            ("rows", .integer(entry.rows)), ("start_ns", entry.span.map { .wide($0.first) } ?? .null),
            ("end_ns", entry.span.map { .wide($0.last) } ?? .null),
            ("price_min", entry.prices.map { .double($0.least) } ?? .null),
            ("price_max", entry.prices.map { .double($0.greatest) } ?? .null),
            ("gaps", .integer(entry.gaps)), ("longest_step_ns", .wide(entry.longestStep)),
            ("gap_rows", .integer(entry.gapRows)),
        ])
    }

    private func table(_ entries: [MarketFolderStatistics.Entry]) -> TextTable {
        let header = [
            "instrument", "type", "stage", "files", "rows", "from", "to", "price", "gaps", "longest step",
        ]
        return TextTable(
            header: header,
            rows: entries.map { entry in
                let time = { (time: Int64?) in time.map { UnixTime.rfc3339($0, fractionDigits: 3) } ?? "–" }
                return [
                    PrintableText.escaped(entry.instrument.description), entry.type.folder,
                    entry.stage.rawValue, "\(entry.files)", "\(entry.rows)", time(entry.span?.first),
                    time(entry.span?.last),
                    entry.prices.map { "\($0.least) to \($0.greatest)" } ?? "–", "\(entry.gaps)",
                    "\((Double(entry.longestStep) * 1e-9).rounded(to: 3)) s",
                ]
            }
        )
    }
}
