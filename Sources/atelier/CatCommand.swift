import ArgumentParser
import ByteCoding
import MarketModel
import Recording

/// `atelier cat`: the frames of a recording, one a line.
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

/// Which frames of recordings a command takes.
struct FrameSlice: ParsableArguments {
    @Option(help: "Only this topic. Repeatable; * stands for any characters.")
    var topic: [String] = []

    @Option(help: "From this receive time on (RFC 3339, date, or ns).")
    var from: TimeArgument?

    @Option(help: "Up to, not including, this receive time (RFC 3339, date, or ns).")
    var to: TimeArgument?

    @OptionGroup var limits: ContainerLimits

    mutating func validate() throws {
        if let from, let to, from.logTime >= to.logTime {
            throw ValidationError("--from must be before --to: the slice would be empty")
        }
    }

    /// Opens a recording; whole ones of others are read as they lie unless several are merged.
    func open(_ path: String, isMerged: Bool = false, keepsExtras: Bool = false) throws -> RecordingReader {
        let slice = self
        var isWanted: ((FrameChannel) -> Bool)?
        if !topic.isEmpty { isWanted = { slice.includes($0) } }
        return try RecordingReader(
            path: path,
            slice: TimeSlice(from: from?.logTime ?? 0, to: to?.logTime),
            order: isWhole && !isMerged ? .file : .time,
            maximumChunk: limits.maximumChunk,
            keepsExtras: keepsExtras,
            isWanted: isWanted
        )
    }

    /// Whether nothing is left out.
    var isWhole: Bool { topic.isEmpty && from == nil && to == nil }

    func includes(_ channel: FrameChannel) -> Bool {
        topic.isEmpty || topic.contains { TopicPattern($0).matches(channel.topic) }
    }

    /// Names the patterns that match no channel.
    func reportUnmatched(among topics: [String]) {
        for pattern in topic where !topics.contains(where: TopicPattern(pattern).matches) {
            let known = Set(topics).sorted().prefix(20).map(PrintableText.escaped).joined(separator: ", ")
            let shown = known.isEmpty ? "it has none" : "there are \(known)"
            Console.note("--topic \(PrintableText.escaped(pattern)) matches no channel (\(shown))")
        }
    }

    /// Says what was damaged, and ends with exit code 3 if anything was.
    func report(_ readers: [RecordingReader]) throws {
        reportUnmatched(among: readers.flatMap(\.topics))
        for reader in readers {
            for loss in reader.losses { Console.note("\(reader.path): \(RecordingInfo.text(loss))") }
            if reader.isDamaged, reader.losses.isEmpty {
                Console.note("\(reader.path): the end of the file is missing (try: atelier recover)")
            }
        }
        if readers.contains(where: \.isDamaged) { throw ExitCode.damage }
    }
}

/// One frame as a line.
enum FrameLine {
    /// `{"index","topic","sequence","log_time_ns","publish_time_ns","text"|"base64"}`.
    static func appendJSON(_ reader: RecordingReader, to line: inout GrowableBytes) {
        line.append(utf8: "{\"index\":\(reader.index),\"topic\":\(JSONText.quoted(reader.channel.topic))")
        line.append(utf8: ",\"sequence\":\(reader.sequence),\"log_time_ns\":\"\(reader.rawLogTime)\"")
        line.append(utf8: ",\"publish_time_ns\":\"\(reader.rawPublishTime)\",\"text\":")
        let mark = line.count
        if !FrameJSON.appendText(reader.bytes, to: &line) {
            line.truncate(to: mark - "\"text\":".utf8.count)
            line.append(utf8: "\"base64\":")
            FrameJSON.appendBase64(reader.bytes, to: &line)
        }
        line.append(utf8: "}\n")
    }

    /// Time, topic, counter, bytes; control characters and bytes that are no text are escaped.
    static func appendText(_ reader: RecordingReader, to line: inout GrowableBytes) {
        let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let head = "\(LogTimeText.shown(reader.time)) \(PrintableText.escaped(reader.channel.topic)) "
        line.append(utf8: "\(head)\(reader.sequence) \(PrintableText.escaped(text))\n")
    }
}
