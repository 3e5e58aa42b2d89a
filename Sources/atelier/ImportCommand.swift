import ArgumentParser
import ByteCoding
import Exchanges
import MarketModel
import Recording

/// `atelier import`: makes a recording of other captures' frames.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Brings captured frames into a recording.",
        discussion: """
            Reads JSON lines {"recv_ns","conn","frame"}, cryptofeed raw files, tardis NDJSON and hftbacktest collector \
            files, plain, .gz, .zst or .lz4, and writes one recording sorted by receive time. A missing receive time becomes \
            the frame's venue time, never before the frame ahead of it.

            Examples:
              atelier import frames.jsonl.zst --out session.mcap --exchange \(HelpExample.spot.exchange)
              atelier import a.jsonl b.jsonl --out day.mcap --exchange \(HelpExample.usual.exchange) --market ws1=spot --market ws2=linear
              atelier import book.gz --out book.mcap --exchange \(HelpExample.usual.exchange) --market \(HelpExample.usual.market) --subscribed book,trades
              atelier import hour2.jsonl --out hour2.mcap --exchange \(HelpExample.spot.exchange) --continues hour1.mcap
            """
    )

    @Argument(help: "Files of frames; - is standard input.", completion: .file())
    var inputs: [String]

    @Option(help: "The recording to write.", completion: .file(extensions: ["mcap"]))
    var out: String

    @Option(
        help:
            "The exchange the frames are of: \(FeedSelection.list(ExchangeCatalog.standard.all.map(\.name), "or"))."
    )
    var exchange: String

    @Option(help: "The market: spot, linear, inverse or option; CONN=MARKET for one connection. Repeatable.")
    var market: [String] = []

    @Option(help: "How chunks are compressed: zstd, lz4 or none.")
    var compression: CompressionArgument = .zstd

    @Option(help: "Kinds subscribed where no ack tells: book,trades,liquidations,funding,open_interest.")
    var subscribed: String?

    @Option(
        help: """
            The recording that this is a further part of: connections of the same name and market go on with books, \
            feeds and counters. Without it the import is a session of its own.
            """,
        completion: .file(extensions: ["mcap"])
    )
    var continues: String?

    @Option(
        help: "The inputs' format: jsonl, cryptofeed, tardis or hftbacktest; else told by the first line."
    )
    var format: FormatArgument?

    @Flag(help: "Replace the recording if it exists.")
    var force = false

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        if inputs.isEmpty { throw ValidationError("name at least one file of frames") }
        _ = try markets()
        if !market.isEmpty, ExchangeCatalog.standard.named(exchange)?.markets == [.multi] {
            throw ValidationError(
                "--market: the symbols of \(exchange) tell their markets; leave it out"
            )
        }
        _ = try kinds()
        if !exchange.utf8.allSatisfy({
            ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2d || $0 == 0x5f
        })
            || exchange.isEmpty
        {
            throw ValidationError(
                "--exchange takes a name such as \(HelpExample.usual.exchange), found '\(exchange)'"
            )
        }
    }

    mutating func run() throws {
        try RecordingOutput.refuseExisting(out, force: force, inputs: sources)
        let chosen = try markets()
        let predecessor = try continues.map { try ImportPredecessor(path: $0) }
        let session = ImportSession(
            rules: rules,
            markets: chosen.byConnection,
            defaultMarket: chosen.all,
            subscribed: try kinds(),
            predecessor: predecessor
        )
        do {
            try collect(session)
        } catch let error as RecordingError where error.isMissingFlag {
            throw ValidationError(error.description)
        }
        if session.problemCount > 0 || predecessor?.isDamaged == true { throw ExitCode.damage }
    }

    /// All files that are read.
    private var sources: [String] { inputs + (continues.map { [$0] } ?? []) }

    private func collect(_ session: ImportSession) throws {
        for path in inputs {
            try session.add(path: path, format: format?.format) { position in
                Console.progress("reading \(path): \(position >> 20) MiB, \(session.count) frames")
            }
        }
        Console.endProgress()
        guard session.count > 0 else {
            list(session)
            throw CommandFailure("\(inputs.joined(separator: ", ")): no frames in it; nothing is written")
        }
        let total = session.count
        let compression = compression.compression
        try RecordingOutput.write(out, force: force, inputs: sources) { output in
            try session.write(to: output, compression: compression) { done in
                Console.progress("writing: \(done) of \(total) frames")
            }
        }
        Console.endProgress()
        reportSeam(session)
        try report(session)
    }

    /// Reports problems where the import continues a recording.
    private func reportSeam(_ session: ImportSession) {
        guard let previous = session.predecessor else { return }
        let path = PrintableText.escaped(previous.path)
        if previous.isDamaged {
            Console.report(
                "\(path): torn or damaged; a replay of both has a gap there (try: atelier recover)"
            )
        }
        if session.continuedConnections == 0 {
            Console.report(
                "\(path): none of its connections has the name, exchange and market of one that was imported"
            )
        }
        if let end = previous.end, let start = session.start, start < end {
            Console.report(
                "\(path): ends at \(end), after the import's first frame at \(start): the two overlap"
            )
        }
    }

    private var rules: ImportRules {
        guard let known = ExchangeCatalog.standard.named(exchange) else {
            let names = ExchangeCatalog.standard.all.map(\.name)
            Console.report(
                "\(exchange): no decoder for this exchange; nearest: \(NearestName.nearest(to: exchange, of: names)) "
                    + "(known: \(names.joined(separator: ", "))); its frames are kept, a replay counts them as unknown"
            )
            return ImportRules(
                exchange: exchange,
                protocolID: "",
                markets: [],
                venueTime: { _ in nil },
                makeProbe: { nil }
            )
        }
        return ImportRules(
            exchange: known.name,
            protocolID: known.protocolID,
            markets: known.markets,
            venueTime: { known.venueTime(of: $0) },
            makeProbe: { known.makeMarketEvidence().map(EvidenceProbe.init) }
        )
    }

    private func markets() throws -> (byConnection: [String: Market], all: Market?) {
        var byConnection: [String: Market] = [:]
        var all: Market?
        for text in market {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard let last = parts.last, let market = Market(rawValue: String(last)) else {
                let name = String(parts.last ?? "")
                let nearest = NearestName.nearest(to: name, of: Market.allCases.map(\.rawValue))
                throw ValidationError(
                    "--market takes spot, linear, inverse or option, or CONN=MARKET, found '\(text)'; nearest: \(nearest)"
                )
            }
            if parts.count == 1 {
                if let all, all != market {
                    throw ValidationError("--market names two markets for all connections")
                }
                all = market
            } else {
                byConnection[parts.dropLast().joined(separator: "=")] = market
            }
        }
        return (byConnection, all)
    }

    private func kinds() throws -> FeedKinds {
        guard let subscribed else { return [] }
        guard let kinds = FeedKinds(names: subscribed) else {
            throw ValidationError(
                "--subscribed takes kinds of \(FeedKinds.all.names.joined(separator: ",")), found '\(subscribed)'"
            )
        }
        return kinds
    }

    private func list(_ session: ImportSession) {
        for problem in session.problems.prefix(10) {
            let index = problem.line.map { ": line \($0)" } ?? ""
            Console.report("\(problem.path)\(index): \(problem.reason)")
        }
        if session.problemCount > 10 { Console.report("… and \(session.problemCount - 10) more") }
    }

    private func report(_ session: ImportSession) throws {
        list(session)
        if json {
            let problems = session.problems.map { problem in
                JSONOutput.object([
                    ("file", .string(problem.path)), ("line", problem.line.map(JSONOutput.integer) ?? .null),
                    ("what", .string(problem.reason)),
                ])
            }
            let summary = JSONOutput.object([
                ("out", .string(out)), ("frames", .integer(session.count)),
                ("lines_left_out", .integer(session.problemCount)), ("problems", .array(problems)),
            ])
            try Console.result(summary.text)
        } else {
            let left = session.problemCount > 0 ? ", \(session.problemCount) lines left out" : ""
            try Console.result("\(PrintableText.escaped(out)): \(session.count) frames\(left)")
        }
    }
}

/// Adapts the exchange's market evidence to an import.
private struct EvidenceProbe: MarketProbe {
    var evidence: any MarketEvidence
    var market: Market? { evidence.market }
    mutating func observe(_ frame: RawSpan) { evidence.observe(frame) }
}
