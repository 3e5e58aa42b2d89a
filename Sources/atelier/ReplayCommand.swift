import ArgumentParser
import MarketFiles
import MarketModel
import Replay
import Sinks
import Synchronizer

/// `atelier replay`: recordings in, rows out.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replays recordings through decoders, books and the synchronizer, and writes rows.",
        discussion: """
            Rows lie on a grid: row p has ts = p·period and holds what came in [ts − period, ts). The clock says what \
            moves time forward; receive time is the default basis and cannot look ahead. Several recordings and \
            folders are merged by receive time, whatever their order. Exit code 3 if frames are damaged or missing, \
            or --expect differs.

            A replay --from a time begins at the last keyframe (atelier keyframes) that has all it needs, if there is one of \
            the same options; otherwise at the first frame. The rows are the same.

            Examples:
              atelier replay session.mcap --clock trade-driven --period 100ms --out rows
              atelier replay day1/ day2/ --clock external --period 1s --json
              atelier replay session.mcap --time-basis exchange --hold-back 500ms --digest
              atelier replay recordings/ --from 2026-11-02T10:00:00Z --to 2026-11-02T11:00:00Z --out hour
              atelier replay session.mcap --stop-after 100000 --save-state first.state --out first
              atelier replay session.mcap --resume first.state --out rest
              atelier replay session.mcap --bars volume:100 --instruments \(HelpExample.usual.exchange)/\(HelpExample.usual.market)/\(HelpExample.usual.symbol(2)) --out bars
            """
    )

    @Argument(
        help: "Recordings: .mcap files, folders of them, or - for standard input.",
        completion: .file(extensions: ["mcap"])
    )
    var recordings: [String]

    @OptionGroup var rows: SynchronizerArguments

    @Option(
        help: "Only rows and files of these instruments: exchange/market/symbol,… Every frame still counts."
    )
    var instruments: InstrumentFilter?

    @Option(help: "Only rows with ts after this (RFC 3339, date, or ns); what lies before warms up.")
    var from: TimeArgument?

    @Option(help: "Only rows with ts up to this (RFC 3339, date, or ns).")
    var to: TimeArgument?

    @Option(
        help: "Folder of the recordings' keyframes, where --from can begin; by default beside them.",
        completion: .directory
    )
    var keyframes: String?

    @Option(help: "Folder for market files; must be new or empty.", completion: .directory)
    var out: String?

    @Option(
        help: """
            Where rows go: \(SinkDefinition.terminal.name) (\(SinkDefinition.terminal.summary)), \
            \(SinkDefinition.parquet.name) (the \(SinkDefinition.parquet.summary) in --out). \
            Default: \(SinkDefinition.parquet.name) where --out is given.
            """
    )
    var sinks: SinkChoice?

    @Flag(help: "Write raw market files too, under raw/: decoded events as they came.")
    var raw = false

    @Option(help: "How books are written: a row a level, or a row a book.")
    var bookLayout: BookLayout = .long

    @Option(help: "Folders of market files: flat, or hive (exchange=/market=/symbol=/date=).")
    var folders: FolderLayout = .flat

    @Option(
        help: "How columns of files are encoded; plain is for readers without the newer ways (older Spark)."
    )
    var encoding: FileEncoding = .automatic

    @Flag(help: "Write into an output folder that is not empty, and replace the file of --save-state.")
    var force = false

    @Option(help: "How fast recorded time passes: max, 1x, 10x. The rows are the same.")
    var speed: SpeedArgument?

    @Option(
        help:
            "Stop after this many received frames; the rows that wait then belong to the rest, and are not made."
    )
    var stopAfter: Int?

    @Option(
        help:
            "Write the state where the reading ends to this file, for --resume; the last rows are not made.",
        completion: .file()
    )
    var saveState: String?

    @Option(
        help: "Go on from a state that --save-state wrote, with the same recordings and options.",
        completion: .file()
    )
    var resume: String?

    @OptionGroup var limits: ContainerLimits

    @OptionGroup var threads: ThreadCount

    @Flag(help: "Print the digests of the rows.")
    var digest = false

    @Option(help: "Fail with exit code 3 unless the digest (or content digest) is this.")
    var expect: String?

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    mutating func validate() throws {
        try sinks?.check()
        if let sinks, sinks.needsFolder != (out != nil) {
            let names = SinkDefinition.namesWithFolder
            throw ValidationError("the sink \(names) and the folder --out go together")
        }
        if raw, out == nil { throw ValidationError("--raw writes files: name a folder with --out") }
        if let stopAfter, stopAfter < 0 {
            throw ValidationError("--stop-after takes a number of frames from 0, found \(stopAfter)")
        }
        if out == "" { throw ValidationError("--out takes the name of a folder, found an empty one") }
        if keyframes != nil, from == nil {
            throw ValidationError("--keyframes says where --from may begin: name a time with --from")
        }
        if recordings.isEmpty { throw ValidationError("name at least one recording") }
        if let expect, expect.utf8.count != 64 || !expect.utf8.allSatisfy(\.isHexadecimalDigit) {
            throw ValidationError("--expect takes the 64 hexadecimal digits of a digest, found '\(expect)'")
        }
        if let from, let to, from.nanoseconds >= to.nanoseconds {
            throw ValidationError("--from must be before --to: the slice would be empty")
        }
    }

    /// Whether the last rows belong to a later run.
    var endsEarly: Bool { stopAfter != nil || saveState != nil }

    /// Whether reading may begin at a keyframe: not if frames are counted from the first one on, or events are written
    /// by the venue's time, of which some before it may be later than --from.
    var usesKeyframes: Bool {
        from != nil && !keepsState && stopAfter == nil && !(raw && rows.timeBasis == .exchange)
    }

    /// Whether a state is read or written: then it does not depend on where rows go.
    var keepsState: Bool { saveState != nil || resume != nil }

    mutating func run() throws {
        var options = ReplayOptions(
            synchronizer: try rows.options(),
            from: from?.nanoseconds,
            to: to?.nanoseconds,
            instruments: instruments?.instruments,
            digests: digest || json || expect != nil || keepsState
        )
        (options.maximumChunk, options.threads) = (limits.maximumChunk, threads.count)
        // A pace, an early end and a state look between frames.
        options.runsAhead = speed == nil && !keepsState && !endsEarly
        options.keepsLevels = keepsState
        do {
            try ReplayRun(self, options).run()
        } catch let error as ReplayError where error.isMisuse {
            throw ValidationError(error.description)
        }
    }
}

extension UInt8 {
    /// Whether it is a hexadecimal digit.
    var isHexadecimalDigit: Bool { self &- 0x30 < 10 || (self | 0x20) &- 0x61 < 6 }
}
