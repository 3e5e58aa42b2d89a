import ArgumentParser
import MarketModel
import Recording
import Replay
import Rows

/// `atelier state`: what a replay remembers at a time, part by part.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Prints the parts of a replay's state, with their sizes and digests.",
        discussion: """
            The state is what the rows to come depend on, and nothing else: connections, books, feeds, ids of trades, \
            clocks, what waits for its row. Equal frames and options give equal digests, whatever the files' chunks. \
            A file of a state, which replay writes, is listed as it is.

            Examples:
              atelier state session.mcap --at 2026-11-02T10:00:00Z
              atelier state day1/ --at 2026-11-02T10:00:00Z --clock external --json
              atelier state yesterday.state
            """
    )

    @Argument(
        help: "Recordings: .mcap files, folders of them, or - for standard input; or one file of a state.",
        completion: .file(extensions: ["mcap"])
    )
    var recordings: [String]

    @Option(help: "After the frames received up to this (RFC 3339, date, or ns); by default after the last.")
    var at: TimeArgument?

    @OptionGroup var rows: SynchronizerArguments

    @OptionGroup var limits: ContainerLimits

    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func validate() throws {
        if recordings.isEmpty { throw ValidationError("name at least one recording") }
    }

    mutating func run() throws {
        if recordings.count == 1, StateFile.isState(recordings[0]) {
            if at != nil {
                throw ValidationError(
                    "\(recordings[0]) is a state: it is of one time, so --at does not go with it"
                )
            }
            return try show(StateFile(path: recordings[0]))
        }
        try StateFile.refuse(recordings)
        do {
            try replay()
        } catch let error as ReplayError where error.isMisuse {
            throw ValidationError(error.description)
        }
    }

    private func show(_ state: StateFile) throws {
        try Console.result(json ? StateListing(state).json.text : StateListing(state).text)
    }

    private func replay() throws {
        var options = ReplayOptions(synchronizer: try rows.options(), digests: false)
        (options.maximumChunk, options.keepsLevels) = (limits.maximumChunk, true)
        var replay = try Replay(paths: recordings, options: options, into: DiscardingSink())
        if let at {
            try replay.run(upTo: at.nanoseconds)
        } else {
            while try replay.run(limit: 1 << 16) {}
        }
        let facts = ["frames": String(replay.frames), "options": rows.flags.joined(separator: " ")]
        let state = StateFile(facts: facts, time: replay.position ?? 0, parts: try replay.state())
        let summary = try replay.summarize()
        for line in ReplayReport(summary, seconds: 0, files: [], out: nil).warnings { Console.report(line) }
        try show(state)
        if summary.hasDamage { throw ExitCode.damage }
    }
}

extension StateFile {
    /// Throws if one of the files is a state where recordings are wanted.
    static func refuse(_ recordings: [String]) throws {
        guard let state = recordings.first(where: { StateFile.isState($0) }) else { return }
        throw CommandFailure("\(state): a state, not a recording (atelier replay --resume goes on from it)")
    }
}
