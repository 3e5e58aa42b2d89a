import ByteCoding
import MCAP

/// Whether a recording is sound: its container, its channels' counters and the order of its frames.
public struct RecordingCheck: Equatable, Sendable {
    /// One problem.
    public struct Problem: Equatable, Sendable {
        /// The file.
        public var file: String
        /// Offset in the file of the record concerned.
        public var offset: UInt64
        /// What is wrong.
        public var what: String
    }

    /// A channel's frames in one file.
    struct Span: Equatable, Sendable {
        var file: String
        /// The file's index among those checked.
        var index: Int
        var topic: String
        var first: Int64
        var last: Int64
        var firstSequence: UInt32
        var lastSequence: UInt32
        var isRecovered = false

        /// Starts with a reader's current frame.
        init(_ reader: RecordingReader, ofFile index: Int) {
            file = reader.path
            self.index = index
            topic = reader.channel.topic
            (first, last) = (reader.receiveTime, reader.receiveTime)
            (firstSequence, lastSequence) = (reader.sequence, reader.sequence)
        }
    }

    /// What is wrong, in order of files; at most 1,000 are kept.
    public private(set) var problems: [Problem] = []
    /// How many problems there were, including those not kept.
    public private(set) var problemCount = 0
    /// Counter jumps and steps back in time in recovered files, which state their losses; at most 1,000 are
    /// kept.
    public private(set) var notes: [Problem] = []
    /// How many notes there were.
    public private(set) var noteCount = 0
    private var spans: [Span] = []
    private var sessions: [SessionIdentity] = []

    private static let kept = 1_000

    /// A check of no files.
    public init() {}

    /// Checks a file: checksums, indexes, counts; for recordings of this project counters and order too.
    ///
    /// - Throws: ``RecordingError/file(_:)`` if it cannot be read or is no MCAP file.
    public mutating func add(
        path: String,
        maximumChunk: Int = RecordingReader.maximumChunk,
        progress: (UInt64) -> Void = { _ in }
    ) throws(RecordingError) {
        do {
            let limits = ReaderLimits(maximumChunk: maximumChunk)
            let check = try FileCheck(checking: ByteInput(path: path), limits: limits, progress: progress)
            let room = Self.kept - min(problems.count, Self.kept)
            problems += check.problems.prefix(room).map {
                Problem(file: path, offset: $0.offset, what: $0.what)
            }
            problemCount += check.problemCount
        } catch let error as MCAPError {
            throw .file(error.description)
        } catch {
            throw .file("\(error)")
        }
        // Frames are checked in a second pass, which standard input does not allow.
        if path != "-" { try checkFrames(path, maximumChunk) }
    }

    private mutating func checkFrames(_ path: String, _ maximumChunk: Int) throws(RecordingError) {
        let reader = try RecordingReader(path: path, maximumChunk: maximumChunk)
        guard reader.isProfiled else { return }
        sessions.append(reader.session)
        var own: [Span?] = []
        var (jumps, jumpCount) = ([Problem](), 0)
        var (backs, backCount) = ([Problem](), 0)
        var steps: UInt64 = 0
        while try reader.advance() {
            let index = reader.channelIndex
            while own.count <= index { own.append(nil) }
            if reader.stepsBack > steps {
                steps = reader.stepsBack
                let what = "log time \(reader.logTime) is before \(reader.receiveTime)"
                backCount += 1
                if backs.count < Self.kept { backs.append(problem(reader, what)) }
            }
            guard var span = own[index] else {
                own[index] = Span(reader, ofFile: sessions.count - 1)
                continue
            }
            if reader.sequence != span.lastSequence &+ 1 {
                let what = "\(span.topic): counter \(span.lastSequence) is followed by \(reader.sequence)"
                jumpCount += 1
                if jumps.count < Self.kept { jumps.append(problem(reader, what)) }
            }
            span.last = reader.receiveTime
            span.lastSequence = reader.sequence
            own[index] = span
        }
        let isRecovered = reader.recoveryFacts != nil
        for index in own.indices { own[index]?.isRecovered = isRecovered }
        add(backs, count: backCount, isRecovered: isRecovered)
        add(jumps, count: jumpCount, isRecovered: isRecovered)
        spans += own.compactMap { $0 }
    }

    private func problem(_ reader: RecordingReader, _ what: String) -> Problem {
        Problem(file: reader.path, offset: reader.recordOffset, what: "frame \(reader.index): \(what)")
    }

    /// A recovered file states its lost or displaced frames, so its counters may jump.
    private mutating func add(_ jumps: [Problem], count: Int, isRecovered: Bool) {
        if isRecovered {
            notes += jumps.prefix(Self.kept - min(notes.count, Self.kept))
            noteCount += count
        } else {
            problems += jumps.prefix(Self.kept - min(problems.count, Self.kept))
            problemCount += count
        }
    }

    /// Compares the checked files: within a session, a channel's frames must not overlap nor its counter
    /// jump.
    ///
    /// Different sessions may overlap in time.
    public mutating func compareFiles() {
        let numbers = SessionIdentity.sessions(of: sessions)
        let sorted = spans.sorted { left, right in
            if left.topic != right.topic {
                return left.topic.utf8.lexicographicallyPrecedes(right.topic.utf8)
            }
            let (one, other) = (numbers[left.index], numbers[right.index])
            if one != other { return one < other }
            return (left.first, left.firstSequence) < (right.first, right.firstSequence)
        }
        for (before, after) in zip(sorted, sorted.dropFirst()) where before.topic == after.topic {
            guard before.index != after.index, numbers[before.index] == numbers[after.index] else { continue }
            if after.first < before.last {
                let what =
                    "\(after.topic): begins at \(after.first), before \(before.file) ends at \(before.last)"
                add(Problem(file: after.file, offset: 0, what: what))
            }
            if after.firstSequence != 1, after.firstSequence != before.lastSequence &+ 1 {
                let what =
                    "counter \(before.lastSequence) of \(before.file) is followed by \(after.firstSequence)"
                let jump = Problem(file: after.file, offset: 0, what: "\(after.topic): \(what)")
                add([jump], count: 1, isRecovered: before.isRecovered || after.isRecovered)
            }
        }
    }

    private mutating func add(_ problem: Problem) {
        problemCount += 1
        if problems.count < Self.kept { problems.append(problem) }
    }
}
