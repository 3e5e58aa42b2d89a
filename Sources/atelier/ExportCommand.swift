import ArgumentParser
import ByteCoding
import MarketModel
import Recording
import Replay

/// `atelier export`: slices and merges of recordings, as JSON lines or MCAP.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a slice or a merge of recordings as JSON lines or as one MCAP file.",
        discussion: """
            Frames come in the total order: receive time, session start and file name, place in the file. JSON lines \
            {"recv_ns","conn","frame"} are what import reads; frames that were not received carry "dir". In MCAP the \
            channels' counters close up over frames left out by --instruments, so that a jump still means a lost frame.

            Examples:
              atelier export session.mcap --from 2026-08-09T21:00:00Z --to 2026-08-09T22:00:00Z | zstd > hour.jsonl.zst
              atelier export day/ --out day.mcap --compression zstd
              atelier export session.mcap --topic '/\(HelpExample.usual.exchange)/\(HelpExample.usual.market)/*' --out linear.jsonl
            """
    )

    @Argument(help: "Recordings: files, or folders of .mcap files; - is standard input.", completion: .file())
    var files: [String]

    @Option(help: "The file to write: MCAP if it ends in .mcap, else JSON lines; - is standard output.")
    var out = "-"

    @OptionGroup var slice: FrameSlice

    @Option(
        help:
            "Only frames with events of these instruments (exchange/market/symbol,…), and frames without events."
    )
    var instruments: InstrumentFilter?

    @Option(help: "How an MCAP file's chunks are compressed: zstd, lz4 or none.")
    var compression: CompressionArgument = .zstd

    @Option(help: "What to write: jsonl or mcap; else by the name of the file.")
    var format: ExportFormat?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
        case jsonl
        case mcap
    }

    mutating func run() throws {
        let paths =
            files == ["-"]
            ? files : try RecordingFiles.expand(files) { Console.report($0) }
        try RecordingOutput.refuseExisting(out, force: force, inputs: paths)
        let chosen = slice
        let format = format ?? (out.hasSuffix(".mcap") ? .mcap : .jsonl)
        let readers = try paths.map { path in
            try chosen.open(path, isMerged: paths.count > 1, keepsExtras: format == .mcap)
        }
        var filter = FrameInstruments(wanted: instruments?.instruments ?? [])
        let compression = compression.compression
        var frames: UInt64 = 0
        try RecordingOutput.write(out, force: force, inputs: paths) { output in
            var merge = try RecordingMerge(readers)
            var choice = ChannelChoice(chosen)
            let container =
                format == .mcap ? try MCAPExport(output, of: merge, compression: compression) : nil
            let lines = container == nil ? JSONLinesExport(output) : nil
            while let reader = try merge.next() {
                try container?.writeChanges(merge)
                try lines?.writeChanges(merge)
                guard choice.includesFrame(of: reader) else { continue }
                guard filter.includes(reader) else {
                    try container?.leaveOut(reader, of: merge)
                    try lines?.leaveOut(reader, of: merge)
                    continue
                }
                try container?.write(reader, of: merge)
                try lines?.write(reader, of: merge)
                frames += 1
                if frames & 0xffff == 0 { Console.progress("exporting: \(frames) frames") }
            }
            try container?.finish()
            try output.flush()
        }
        Console.endProgress()
        if format == .jsonl { reportLeftOut(readers) }
        if out != "-" { try Console.result("\(PrintableText.escaped(out)): \(frames) frames") }
        try chosen.report(readers)
    }

    /// JSON lines cannot hold them.
    private func reportLeftOut(_ readers: [RecordingReader]) {
        for reader in readers {
            let count = reader.summary.attachments
            guard count > 0 else { continue }
            Console.report(
                "\(reader.path): its \(count) attachments are not in the JSON lines (export to .mcap keeps them)"
            )
        }
    }
}
