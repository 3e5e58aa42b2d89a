/// Frames of several recordings in the total order: receive time, then session start and file name, then
/// place in the file.
public struct RecordingMerge {
    /// The recordings in source order.
    public let readers: [RecordingReader]
    /// Whether the reader at a place stands on a frame.
    private var hasFrame: [Bool]
    /// The place of the reader whose frame is at hand.
    private var place: Int?

    /// Takes opened recordings and moves each to its first frame.
    public init(_ opened: [RecordingReader]) throws(RecordingError) {
        readers = opened.sorted { left, right in
            if left.sessionStart != right.sessionStart { return left.sessionStart < right.sessionStart }
            let (a, b) = (Self.name(left.path), Self.name(right.path))
            return a != b
                ? a.utf8.lexicographicallyPrecedes(b.utf8)
                : left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
        }
        hasFrame = []
        for reader in readers { hasFrame.append(try reader.advance()) }
    }

    /// Moves to the next frame and gives the reader that stands on it; nil behind the last.
    public mutating func next() throws(RecordingError) -> RecordingReader? {
        if let place { hasFrame[place] = try readers[place].advance() }
        place = nil
        for candidate in readers.indices where hasFrame[candidate] {
            guard let best = place else {
                place = candidate
                continue
            }
            if readers[candidate].time < readers[best].time { place = candidate }
        }
        return place.map { readers[$0] }
    }

    private static func name(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
