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
        let isFile = recordings.count == 1 && StateFile.isState(recordings[0])
        let state = try isFile ? StateFile(path: recordings[0]) : replayed()
        try Console.result(json ? StateListing(state).json.text : StateListing(state).text)
    }

    private func replayed() throws -> StateFile {
        var options = ReplayOptions(synchronizer: try rows.options(), digests: false)
        (options.maximumChunk, options.keepsLevels) = (limits.maximumChunk, true)
        do {
            var replay = try Replay(paths: recordings, options: options, into: DiscardingSink())
            if let at {
                try replay.run(upTo: at.nanoseconds)
            } else {
                while try replay.run(limit: 1 << 16) {}
            }
            return StateFile(
                facts: ["frames": String(replay.frames), "options": rows.flags.joined(separator: " ")],
                time: replay.position ?? 0,
                parts: try replay.state()
            )
        } catch let error as ReplayError where error.isMisuse {
            throw ValidationError(error.description)
        }
    }
}
