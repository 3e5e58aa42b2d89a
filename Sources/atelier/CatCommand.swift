import ArgumentParser
import ByteCoding
import MarketModel
import Recording

/// `atelier cat`: the frames of a recording, one per line.
struct CatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat",
        abstract: "Prints frames or events of a recording (any MCAP file), or Parquet rows, one a line.",
        discussion: """
            Without --json: receive time, topic, counter, bytes; of Parquet the values between tabs.
            Exit code 3 if anything was damaged or torn.

            Examples:
              atelier cat session.mcap | head
              atelier cat session.mcap --topic /\(HelpExample.usual.exchange)/\(HelpExample.usual.market)/c0/in --from 2026-08-09T21:00:00Z --json
              atelier cat session.mcap --events --json
              atelier cat trades.parquet --json
            """
    )

    @Argument(help: "The file; - is standard input.", completion: .file(extensions: ["mcap", "parquet"]))
    var file: String

    @OptionGroup var slice: FrameSlice

    @Flag(help: "Print decoded events instead of frames; books with their state after each message.")
    var events = false

    @Option(
        name: .customLong("column"),
        help:
            "Only this column of a Parquet file, by its name or by the name it is printed under. Repeatable."
    )
    var columns: [String] = []

    @OptionGroup var limits: ParquetLimits

    @Flag(help: "Print one JSON object a line.")
    var json = false

    mutating func run() throws {
        if ParquetInfo.isParquet(file) {
            guard slice.isWhole, !events else {
                throw ValidationError(
                    "--topic, --from, --to and --events are for recordings; this is a Parquet file"
                )
            }
            let names = columns.isEmpty ? nil : columns
            return try ParquetRows.run(file, columns: names, json: json, options: limits.options)
        }
        guard columns.isEmpty, limits.isUsual else {
            throw ValidationError(
                "--column, --max-page and --max-footer are for Parquet files; this is a recording"
            )
        }
        if events { return try slice.printEvents(of: file, asJSON: json) }
        let reader = try slice.open(file)
        let output = ByteOutput(descriptor: 1, name: "standard output")
        var line = GrowableBytes()
        var choice = ChannelChoice(slice)
        while try reader.advance() {
            guard choice.includesFrame(of: reader) else { continue }
            line.removeAll()
            if json {
                FrameLine.appendJSON(reader, to: &line)
            } else {
                FrameLine.appendText(reader, to: &line)
            }
            try output.write(line.bytes)
        }
        try output.flush()
        try slice.report([reader])
    }
}
