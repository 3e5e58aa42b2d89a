import ByteCoding
import Recording

/// A `.partial` file in a folder of recordings.
struct UnfinishedFile {
    private enum Fate {
        case leftBehind
        case beingWritten
        case recovered(String)
        case unreadable(String)
    }

    private let path: String
    private let fate: Fate

    /// Whether a path is such a file; a pipe of that name would block.
    static func isOne(_ path: String) -> Bool {
        guard path.hasSuffix(".mcap.partial") || (path.hasSuffix(".partial") && path.contains(".mcap."))
        else { return false }
        return FileReader.isRegularFile(path)
    }

    /// Checks whether a finished file of the folder holds the same frames.
    init(_ path: String, beside finished: [String]) {
        self.path = path
        do throws(RecordingError) {
            _ = try RecordingReader(path: path)
        } catch {
            fate = .unreadable("\(error)")
            return
        }
        if ByteOutput.isBeingWritten(path) {
            fate = .beingWritten
        } else if let found = Self.recovered(path, among: finished) {
            fate = .recovered(found)
        } else {
            fate = .leftBehind
        }
    }

    /// Whether its frames count; those of a recovered one would count twice.
    var isRead: Bool {
        switch fate {
        case .leftBehind, .beingWritten: true
        case .recovered, .unreadable: false
        }
    }

    /// A line about it for the user.
    var description: String {
        switch fate {
        case .leftBehind:
            "\(path): left behind unfinished; it is read up to its last whole chunk (try: atelier recover)"
        case .beingWritten: "\(path): is being written; it is read up to its last whole chunk"
        case .unreadable(let reason): "\(reason); it is left out"
        case .recovered(let other): "\(path): left out, for \(other) is what was recovered of it"
        }
    }

    private static func recovered(_ path: String, among finished: [String]) -> String? {
        guard let own = CounterSpans(path), !own.spans.isEmpty else { return nil }
        return finished.first { candidate in
            guard let summary = RecordingSummary(indexOf: candidate), let start = summary.start,
                let end = summary.end, start <= own.end, end >= own.start
            else { return false }
            return CounterSpans(candidate)?.shares(own) ?? false
        }
    }
}

/// The counters of each channel of a file.
private struct CounterSpans {
    struct Span {
        var first: UInt32
        var last: UInt32
    }

    private(set) var spans: [String: Span] = [:]
    private(set) var start = UInt64.max
    private(set) var end: UInt64 = 0
    private let sessionStart: Int64

    /// Reads a whole file; nil if it cannot be read.
    init?(_ path: String) {
        guard let reader = try? RecordingReader(path: path) else { return nil }
        sessionStart = reader.sessionStart
        while (try? reader.advance()) == true {
            let topic = reader.channel.topic
            spans[topic] = Span(first: spans[topic]?.first ?? reader.sequence, last: reader.sequence)
            (start, end) = (min(start, reader.time), max(end, reader.time))
        }
    }

    /// Whether both hold frames of one session.
    func shares(_ other: CounterSpans) -> Bool {
        guard sessionStart == other.sessionStart else { return false }
        return spans.contains { topic, span in
            guard let theirs = other.spans[topic] else { return false }
            return span.first <= theirs.last && theirs.first <= span.last
        }
    }
}
