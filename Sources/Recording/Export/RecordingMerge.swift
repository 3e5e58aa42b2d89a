/// Frames of several recordings in the total order: receive time, then source order, then order in the
/// file.
public struct RecordingMerge {
    /// The recordings in source order.
    public let readers: [RecordingReader]
    /// The session of each, as a number.
    public var sessions: [Int] { open.numbers }
    /// The session of the current frame.
    public var session: Int { index.map { open.numbers[$0] } ?? 0 }
    /// The session that ended right before the current frame; nil if none did.
    public private(set) var endedSession: Int?
    /// Indexes in ``readers`` of files that lack frames of any connection right before the current frame.
    public private(set) var lossyFiles: [Int] = []
    /// The receive time of the previous frame: nanoseconds since the Unix epoch.
    public private(set) var previousTime: UInt64 = 0
    private var lostIndexes: [Int]
    /// Whether each reader has a current frame.
    private var hasFrame: [Bool]
    /// The index of the reader of the current frame.
    public private(set) var index: Int?
    private var open: OpenSessions

    /// Merges opened recordings, moving each to its first frame.
    public init(_ opened: [RecordingReader]) throws(RecordingError) {
        readers = opened.sorted {
            SourceOrder($0.session, path: $0.path) < SourceOrder($1.session, path: $1.path)
        }
        lostIndexes = Array(repeating: 0, count: opened.count)
        hasFrame = []
        for reader in readers { hasFrame.append(try reader.advance()) }
        open = OpenSessions(readers.map(\.session), hasFrames: hasFrame)
    }

    /// Moves to the next frame and returns its reader; nil after the last.
    public mutating func next() throws(RecordingError) -> RecordingReader? {
        endedSession = nil
        lossyFiles = []
        if let index {
            previousTime = readers[index].time
            hasFrame[index] = try readers[index].advance()
            let goesOn = hasFrame[index] || open.goesOn(behind: index)
            if goesOn { addLosses(of: index) } else { endedSession = open.numbers[index] }
        }
        index = nil
        for candidate in readers.indices where hasFrame[candidate] {
            guard let best = index else {
                index = candidate
                continue
            }
            if readers[candidate].time < readers[best].time { index = candidate }
        }
        guard let index else { return nil }
        addLosses(of: index)
        return readers[index]
    }

    private mutating func addLosses(of index: Int) {
        guard readers[index].lostIndexes > lostIndexes[index] else { return }
        lostIndexes[index] = readers[index].lostIndexes
        lossyFiles.append(index)
    }
}
