import ArgumentParser
import Recording
import Replay

/// `atelier verify`: whether recordings are sound.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks recordings (any MCAP files): checksums, indexes, counts, counters, order.",
        discussion: """
            Everything a file says of itself is compared with what it holds. Of recordings of this program the \
            channels' counters and the order of frames are checked too, and that files of a session do not overlap. \
            Exit code 3 if anything is wrong.

            Examples:
              atelier verify session.mcap
              atelier verify recordings/ --json
            """
    )

    @Argument(help: "Recordings: files, or folders of .mcap files; - is standard input.", completion: .file())
    var files: [String]

    @Flag(help: "Print one JSON object.")
    var json = false

    mutating func run() throws {
        var check = RecordingCheck()
        let paths = files == ["-"] ? files : try RecordingFiles.expand(files)
        for path in paths {
            try check.add(path: path) { offset in Console.progress("checking \(path): \(offset >> 20) MiB") }
        }
        check.compareFiles()
        Console.endProgress()
        let isSound = check.problemCount == 0
        if json {
            let problems = check.problems.map { problem in
                JSONOutput.object([
                    ("file", .string(problem.file)), ("offset", .wide(problem.offset)),
                    ("what", .string(problem.what)),
                ])
            }
            print(JSONOutput.object([("ok", .bool(isSound)), ("problems", .array(problems))]).text)
        } else {
            for problem in check.problems {
                print("\(problem.file): byte \(problem.offset): \(problem.what)")
            }
            let more = check.problemCount - check.problems.count
            if more > 0 { print("… and \(more) more") }
            if isSound { print("\(paths.count == 1 ? paths[0] : "\(paths.count) files"): sound") }
        }
        if !isSound { throw ExitCode.damage }
    }
}
