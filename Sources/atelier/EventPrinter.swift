import ArgumentParser
import ByteCoding
import Features
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Rows
import Synchronizer

/// Prints the decoded events of a recording, frame by frame.
final class EventPrinter: RowSink {
    private let output: ByteOutput
    private let isJSON: Bool
    /// The current frame's number in its file.
    var index: UInt64 = 0
    /// Whether events of the current frame are printed.
    var isWanted = true

    init(_ output: ByteOutput, isJSON: Bool) {
        self.output = output
        self.isJSON = isJSON
    }

    let wants: RowNeeds = .events

    func write(_ row: borrowing Row) {}

    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) throws(ByteCodingError) {
        guard isWanted else { return }
        let line = EventLine(index: index, event: event).json(of: batch, books)
        try output.write((isJSON ? line.text : EventPrinter.text(line)) + "\n")
    }

    /// The members' values in order, as `key=value` from the eighth on.
    private static func text(_ line: JSONOutput) -> String {
        guard case .object(let members) = line else { return line.text }
        let head = members.prefix(7).map { plain($0.1) }
        let rest = members.dropFirst(7).map { "\($0.0)=\(plain($0.1))" }
        return PrintableText.escaped((head + rest).joined(separator: " "))
    }

    private static func plain(_ value: JSONOutput) -> String {
        switch value {
        case .string(let text): text
        case .null: "-"
        default: value.text
        }
    }
}

extension FrameSlice {
    /// Prints the events of the slice; earlier frames are decoded too, for books and merged states.
    func printEvents(of path: String, asJSON isJSON: Bool) throws {
        let output = ByteOutput(descriptor: 1, name: "standard output")
        let printer = EventPrinter(output, isJSON: isJSON)
        var topics: Set<String> = []
        var options = ReplayOptions(
            synchronizer: SynchronizerOptions(clock: .external, period: UnixTime.day, maxGapFill: 0),
            digests: false
        )
        options.maximumChunk = limits.maximumChunk
        var replay = try Replay(paths: [path], options: options, into: printer)
        while let time = replay.nextTime, time < to?.nanoseconds ?? .max, let next = try replay.nextChannel {
            printer.index = next.index
            if !topic.isEmpty { topics.insert(next.channel.topic) }
            printer.isWanted = time >= from?.nanoseconds ?? .min && includes(next.channel)
            guard try replay.run(limit: 1) else { break }
        }
        let summary = try replay.finish()
        try output.flush()
        for file in summary.recordings {
            topics.formUnion(file.contents?.channels.map(\.channel.topic) ?? [])
        }
        reportUnmatched(among: Array(topics))
        for line in ReplayReport(summary, seconds: 0, files: [], out: nil).warnings { Console.report(line) }
        if summary.hasDamage { throw ExitCode.damage }
    }
}
