import ArgumentParser
import MarketModel
import Recording

/// `atelier recover`: makes a sound file of a damaged one's readable contents.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract:
            "Writes a sound file of everything that can be read from a damaged recording (any MCAP file).",
        discussion: """
            Keeps every whole chunk and every intact record, in order, and states exactly what was lost. Damage \
            that costs no bytes (an index that lies, a time that steps back, a counter that jumps) is stated too. What \
            damage doubled (a chunk, an attachment, metadata) is kept once. A file on disk is read twice, a pipe once. \
            Exit code 0 if the input was sound, 3 if anything was damaged.

            Examples:
              atelier recover session.mcap.partial --out session.mcap
              atelier recover torn.mcap --out sound.mcap --json
            """
    )

    @Argument(help: "The damaged file; - is standard input.", completion: .file())
    var file: String

    @Option(help: "The sound file to write; - is standard output.", completion: .file(extensions: ["mcap"]))
    var out: String

    @Option(help: "How chunks are compressed: zstd, lz4 or none; else as in the input.")
    var compression: CompressionArgument?

    @OptionGroup var limits: ContainerLimits

    @Flag(help: "Replace the output if it exists.")
    var force = false

    @Flag(help: "Print the report as one JSON object.")
    var json = false

    mutating func validate() throws {
        if json, out == "-" { throw ValidationError("--json and the file cannot both go to standard output") }
    }

    mutating func run() throws {
        try RecordingOutput.refuseExisting(out, force: force, inputs: [file])
        let (path, compression, limit) = (file, compression?.compression, limits.maximumChunk)
        var result: RecordingRecovery?
        try RecordingOutput.write(out, force: force, inputs: [path]) { output in
            result = try RecordingRecovery(
                of: path,
                to: output,
                compression: compression,
                maximumChunk: limit
            ) { offset in
                Console.progress("recovering \(path): \(offset >> 20) MiB")
            }
        }
        Console.endProgress()
        guard let result else { return }
        if json {
            try Console.result(report(result).text)
        } else {
            let text =
                "\(PrintableText.escaped(out)): \(result.frames) frames kept, \(result.bytesKept) bytes kept, \(result.bytesLost) lost"
            if out == "-" { Console.report(text) } else { try Console.result(text) }
            for loss in result.losses { Console.report(RecordingInfo.text(loss)) }
            if !result.isComplete { Console.report("\(file): the end of the file is missing") }
            if result.unknownRecords > 0 {
                Console.report("\(result.unknownRecords) records of unknown kinds are left out")
            }
        }
        if !result.wasSound { throw ExitCode.damage }
    }

    private func report(_ result: RecordingRecovery) -> JSONOutput {
        .object([
            ("out", .string(out)), ("messages", .count(result.frames)),
            ("attachments", .count(result.attachments)),
            ("metadata", .count(result.metadata)), ("bytes_kept", .count(result.bytesKept)),
            ("bytes_lost", .count(result.bytesLost)), ("unknown_records", .count(result.unknownRecords)),
            ("complete", .bool(result.isComplete)), ("loss", .array(result.losses.map(RecordingInfo.loss))),
        ])
    }
}
