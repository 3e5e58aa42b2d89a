import ArgumentParser
import Foundation
import MarketModel
import Recording
import Replay

/// `atelier keyframes`: states of a replay beside its recordings, where later replays can begin.
struct KeyframesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keyframes",
        abstract: "Makes keyframes beside recordings: replays of slices need not read what lies before.",
        discussion: """
            A keyframe is what a replay remembers at a time. They stand in <recording>.keyframes, one before the first \
            frame of each interval and one at the end of each file, and serve replays of the same clock, period and \
            other options of rows; of other options, versions or recordings they are never used. Files of one session \
            follow each other: name them all, from the first. What is there and fits is kept, so that of a growing \
            session only new files are read. Recordings are only read; keyframes can be deleted and made again. Exit \
            code 3 if a recording can have none: it is unfinished, damaged, not made by this program, or \
            overlaps another of its session.

            Examples:
              atelier keyframes recordings/
              atelier keyframes session.mcap --clock external --period 1s --every 1min
              atelier keyframes archive/ --out keyframes/
            """
    )

    @Argument(help: "Recordings: .mcap files, or folders of them.", completion: .file(extensions: ["mcap"]))
    var recordings: [String]

    @Option(help: "The receive time between two keyframes.")
    var every = DurationArgument(nanoseconds: 300_000_000_000)

    @Option(help: "Folder for the keyframes; by default beside the recordings.", completion: .directory)
    var out: String?

    @Flag(help: "Make again what is there and fits.")
    var force = false

    @OptionGroup var rows: SynchronizerArguments

    @OptionGroup var limits: ContainerLimits

    @OptionGroup var threads: ThreadCount

    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func validate() throws {
        if recordings.isEmpty { throw ValidationError("name at least one recording") }
        if recordings.contains("-") {
            throw ValidationError("standard input can have no keyframes: name files or folders")
        }
        if every.nanoseconds < 1_000_000 {
            throw ValidationError("--every takes a time from 1ms, found \(every)")
        }
        if out == "" { throw ValidationError("--out takes the name of a folder, found an empty one") }
    }

    mutating func run() throws {
        OpenFiles.allowMany()
        try StateFile.refuse(recordings)
        var options = ReplayOptions(synchronizer: try rows.options(), digests: false)
        (options.maximumChunk, options.threads) = (limits.maximumChunk, threads.count)
        var settings = KeyframeOptions()
        (settings.interval, settings.folder) = (every.nanoseconds, out)
        (settings.replaces, settings.version) = (force, Atelier.version)
        if let out { try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true) }
        let (interruption, progress) = (Interruption(), ReplayProgress(isShown: !json))
        let made: [MadeKeyframes]
        do {
            made = try KeyframeMaker.run(paths: recordings, options: options, settings: settings) { replay in
                try interruption.check()
                progress.show(replay)
            }
        } catch let error as ReplayError where error.isMisuse {
            throw ValidationError(error.description)
        }
        Console.endProgress()
        try Console.result(json ? Self.json(made).text : Self.text(made))
        if made.contains(where: { $0.problem != nil }) { throw ExitCode.damage }
    }

    private static func json(_ made: [MadeKeyframes]) -> JSONOutput {
        let entries = made.map { one in
            JSONOutput.object([
                ("recording", .string(one.recording)), ("file", .string(one.path)),
                ("keyframes", .integer(one.count)), ("bytes", .count(one.size)), ("kept", .bool(one.wasKept)),
                ("problem", .optional(one.problem)),
            ])
        }
        return .object([("recordings", .array(entries))])
    }

    private static func text(_ made: [MadeKeyframes]) -> String {
        made.map { one in
            if let problem = one.problem {
                return "\(PrintableText.escaped(one.recording)): no keyframes: \(problem)"
            }
            let path = PrintableText.escaped(one.path)
            return "\(path): \(one.count) keyframes, \(one.size) bytes\(one.wasKept ? ", kept" : "")"
        }.joined(separator: "\n")
    }
}
