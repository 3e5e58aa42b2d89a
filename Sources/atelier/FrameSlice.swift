import ArgumentParser
import ByteCoding
import MarketModel
import Recording

/// The frames of recordings that a command uses.
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

    /// Opens a recording; a whole foreign one is read in file order unless several are merged.
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

    /// Whether all frames are included.
    var isWhole: Bool { topic.isEmpty && from == nil && to == nil }

    func includes(_ channel: FrameChannel) -> Bool {
        topic.isEmpty || topic.contains { TopicPattern($0).matches(channel.topic) }
    }

    /// Reports patterns that match no channel.
    func reportUnmatched(among topics: [String]) {
        for pattern in topic where !topics.contains(where: TopicPattern(pattern).matches) {
            let known = Set(topics).sorted().prefix(20).map(PrintableText.escaped).joined(separator: ", ")
            let shown = known.isEmpty ? "it has none" : "there are \(known)"
            Console.report("--topic \(PrintableText.escaped(pattern)) matches no channel (\(shown))")
        }
    }

    /// Reports damage, and ends with exit code 3 if there was any.
    func report(_ readers: [RecordingReader]) throws {
        reportUnmatched(among: readers.flatMap(\.topics))
        for reader in readers {
            for loss in reader.losses { Console.report("\(reader.path): \(RecordingInfo.text(loss))") }
            if reader.isDamaged, reader.losses.isEmpty {
                Console.report("\(reader.path): the end of the file is missing (try: atelier recover)")
            }
        }
        if readers.contains(where: \.isDamaged) { throw ExitCode.damage }
    }
}
