/// Frames of several recordings in the total order: receive time, then session start and file name, then
/// place in the file.
public struct RecordingMerge {
    /// The recordings in source order.
    public let readers: [RecordingReader]
    /// The session of each, as a number.
    public var sessions: [Int] { open.numbers }
    /// The session of the frame at hand.
    public var session: Int { index.map { open.numbers[$0] } ?? 0 }
    /// The session that ended right before the frame at hand; nil where none did.
    public private(set) var endedSession: Int?
    /// Files, as places in ``readers``, that lack frames of any of their connections right before the frame at hand.
    public private(set) var lossyFiles: [Int] = []
    /// The receive time of the frame before the one at hand: nanoseconds since the Unix epoch.
    public private(set) var previousTime: UInt64 = 0
    private var lostIndexes: [Int]
    /// Whether the reader at a place stands on a frame.
    private var hasFrame: [Bool]
    /// The place of the reader whose frame is at hand.
    public private(set) var index: Int?
    private var open: OpenSessions

    /// Takes opened recordings and moves each to its first frame.
    public init(_ opened: [RecordingReader]) throws(RecordingError) {
        readers = opened.sorted {
            SourceOrder($0.session, path: $0.path) < SourceOrder($1.session, path: $1.path)
        }
        lostIndexes = Array(repeating: 0, count: opened.count)
        hasFrame = []
        for reader in readers { hasFrame.append(try reader.advance()) }
        open = OpenSessions(readers.map(\.session), hasFrames: hasFrame)
    }

    /// Moves to the next frame and gives the reader that stands on it; nil behind the last.
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
