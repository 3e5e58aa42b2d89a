import ArgumentParser
import MarketModel
import Parquet
import Recording
import Replay

/// `atelier info`: the contents of a file.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Says what a recording (any MCAP file) or a Parquet file holds, and what is damaged.",
        discussion: """
            Reads a recording whole and checks what it says of itself. Of a file over 64 MiB with a sound index only the index is \
            read, unless --full is given: what is damaged inside a chunk then does not show (verify reads all). Keyframes beside it are named. Of a \
            Parquet file the footer is read. Exit code 3 if anything is damaged, torn or lost.

            Examples:
              atelier info session.mcap
              atelier info week.mcap --full
              atelier info session.mcap --json
              atelier info trades.parquet
            """
    )

    @Argument(help: "The file; - is standard input.", completion: .file(extensions: ["mcap", "parquet"]))
    var file: String

    @OptionGroup var limits: ContainerLimits

    @Flag(help: "Read all frames of a large recording too.")
    var full = false

    @Option(help: "The most bytes of the footer of a Parquet file.")
    var maxFooter: ByteCountArgument?

    @Flag(help: "Print one JSON object.")
    var json = false

    /// Smaller files are read whole quickly.
    private static let indexedSize: UInt64 = 64 << 20

    mutating func run() throws {
        if ParquetInfo.isParquet(file) {
            var options = ParquetReaderOptions()
            options.maximumFooterBytes = maxFooter?.bytes ?? options.maximumFooterBytes
            return try ParquetInfo.run(file, json: json, options: options)
        }
        let (path, summary) = (file, try summary())
        let keyframes = KeyframeInfo(besides: path)
        try Console.result(
            json
                ? RecordingInfo.json(summary, keyframes).text
                : RecordingInfo.text(summary, path: path, keyframes)
        )
        if summary.isDamaged { throw ExitCode.damage }
    }

    private func summary() throws -> RecordingSummary {
        let path = file
        if !full, RecordingFiles.size(of: path) ?? 0 > Self.indexedSize,
            let summary = RecordingSummary(indexOf: path)
        {
            return summary
        }
        let summary = try RecordingSummary(checking: path, maximumChunk: limits.maximumChunk) { reader in
            Console.progress("reading \(path): \(reader.index) frames")
        }
        Console.endProgress()
        return summary
    }
}
