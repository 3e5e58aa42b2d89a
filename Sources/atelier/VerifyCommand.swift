import ArgumentParser
import MarketModel
import Recording
import Replay

/// `atelier verify`: checks recordings.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks recordings (any MCAP files): checksums, indexes, counts, counters, order.",
        discussion: """
            Everything a file says of itself is compared with what it holds. Of recordings of this program the \
            channels' counters and the order of frames are checked too, and that files of a session do not overlap \
            (recordings of other sessions, and imports, may). Of keyframes beside a recording the digests are checked, \
            whether they are of it, and whether those of a session's files follow each other. Exit code 3 if anything is wrong.

            Examples:
              atelier verify session.mcap
              atelier verify recordings/ --json
            """
    )

    @Argument(help: "Recordings: files, or folders of .mcap files; - is standard input.", completion: .file())
    var files: [String]

    @OptionGroup var limits: ContainerLimits

    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func run() throws {
        var check = RecordingCheck()
        let naming = { (text: String) in Console.report(text) }
        let paths = files == ["-"] ? files : try RecordingFiles.expand(files, naming: naming)
        for path in paths {
            try check.add(path: path, maximumChunk: limits.maximumChunk) { offset in
                Console.progress("checking \(path): \(offset >> 20) MiB")
            }
        }
        check.compareFiles()
        var keyframes = KeyframeCheck()
        for path in paths where path != "-" { keyframes.add(recording: path) }
        Console.endProgress()
        let isSound = check.problemCount == 0 && keyframes.problems.isEmpty
        if json {
            let report = JSONOutput.object([
                ("ok", .bool(isSound)),
                ("problems", .array(check.problems.map(Self.entry) + keyframes.problems.map(Self.entry))),
                ("notes", .array(check.notes.map(Self.entry))),
            ])
            try Console.result(report.text)
        } else {
            try Console.result(text(check, keyframes, paths, isSound: isSound))
        }
        if !isSound { throw ExitCode.damage }
    }

    private func text(
        _ check: RecordingCheck,
        _ keyframes: KeyframeCheck,
        _ paths: [String],
        isSound: Bool
    ) -> String {
        var lines = check.problems.map {
            "\(PrintableText.escaped($0.file)): byte \($0.offset): \(PrintableText.escaped($0.what))"
        }
        let more = check.problemCount - check.problems.count
        if more > 0 { lines.append("… and \(more) more") }
        lines += keyframes.problems.map {
            "\(PrintableText.escaped($0.file)): \(PrintableText.escaped($0.what))"
        }
        if check.noteCount > 0 {
            lines.append("\(check.noteCount) jumps of counters, where recovered files say what they lost")
        }
        if keyframes.count > 0 { lines.append("\(keyframes.count) keyframes beside them: sound") }
        if isSound {
            lines.append(
                "\(paths.count == 1 ? PrintableText.escaped(paths[0]) : "\(paths.count) files"): sound"
            )
        }
        return lines.joined(separator: "\n")
    }

    private static func entry(_ problem: KeyframeCheck.Problem) -> JSONOutput {
        .object([("file", .string(problem.file)), ("offset", .wide(0)), ("what", .string(problem.what))])
    }

    private static func entry(_ problem: RecordingCheck.Problem) -> JSONOutput {
        .object([
            ("file", .string(problem.file)), ("offset", .wide(problem.offset)),
            ("what", .string(problem.what)),
        ])
    }
}
