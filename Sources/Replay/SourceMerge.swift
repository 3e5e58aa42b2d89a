import MarketModel
import Recording

/// Merges recordings into one total order: (receive time, source order, order in the source).
///
/// Source order is (session start, file name), not the order of arguments. A binary heap of the sources'
/// next frames; free with one source.
struct SourceMerge {
    /// The sources in source order.
    private(set) var sources: [FrameSource]
    /// Bytes of all files; nil if one is not a plain file.
    private var totalSize: UInt64? = 0
    /// Bytes of completely read files.
    private var bytesDone: UInt64 = 0
    /// Indexes in `sources`, a heap by (receive time, index).
    private var heap: [Int]
    /// Tracks the sources' sessions.
    private var open: OpenSessions

    /// The most files kept open from the start.
    private static let eagerLimit = 16

    init(paths: [String], _ options: ReplayOptions) throws(ReplayError) {
        var opened: [FrameSource] = []
        for path in paths {
            // A pipe cannot be opened a second time.
            let size = RecordingFiles.size(of: path)
            let keepsOpen = paths.count <= SourceMerge.eagerLimit || size == nil
            opened.append(
                try FrameSource(
                    path: path,
                    maximumChunk: options.maximumChunk,
                    readsAhead: options.threads > 1,
                    keepsOpen: keepsOpen
                )
            )
            if let size { totalSize? += size } else { totalSize = nil }
        }
        sources = opened.sorted {
            SourceOrder($0.session, path: $0.path) < SourceOrder($1.session, path: $1.path)
        }
        open = OpenSessions(sources.map(\.session), hasFrames: sources.map(\.hasFrame))
        heap = []
        for index in sources.indices where sources[index].hasFrame { push(index) }
    }

    /// The index of the source with the next frame, or nil at the end.
    var next: Int? { heap.first }

    /// The session of each source, as a number.
    var sessions: [Int] { open.numbers }

    /// Marks a source as read to its end; returns whether its session has further files.
    mutating func goesOn(behind index: Int) -> Bool { open.goesOn(behind: index) }

    /// How far each source was read.
    var positions: [SourcePosition] { sources.map(\.position) }

    /// Reads over the frames passed before a state was written; nothing was read yet.
    ///
    /// With places, one a position, they are not read: then sources behind the last position may follow, of which
    /// nothing was.
    mutating func resume(at positions: [SourcePosition], places: [RecordingPlace] = []) throws(ReplayError) {
        let read = places.isEmpty ? sources[...] : sources.prefix(positions.count)
        let (found, expected) = (positions.map(\.session), read.map(\.session))
        guard found == expected else {
            let text = { (sessions: [SessionIdentity]) in sessions.map(\.name).joined(separator: ", ") }
            throw .state(.mismatch(what: "the recordings", found: text(found), expected: text(expected)))
        }
        let begun = Set(heap)
        heap = []
        for index in sources.indices {
            if index < places.count {
                try sources[index].resume(at: positions[index], place: places[index])
            } else if places.isEmpty {
                try sources[index].resume(at: positions[index])
            }
            if sources[index].hasFrame {
                push(index)
            } else if begun.contains(index) {
                bytesDone += RecordingFiles.size(of: sources[index].path) ?? 0
                _ = goesOn(behind: index)
            }
        }
    }

    /// Replaces each source that has frames left; all must be delayed equally.
    mutating func replaceSources(by other: (FrameSource) -> FrameSource) {
        for index in heap { sources[index] = other(sources[index]) }
    }

    /// Moves the current frame's source to its next frame.
    mutating func advance(_ source: FrameSource, _ reader: RecordingReader) throws(ReplayError) {
        try source.advance(reader)
        if source.hasFrame, heap.count == 1 { return }
        if !source.hasFrame {
            bytesDone += RecordingFiles.size(of: source.path) ?? 0
            heap[0] = heap[heap.count - 1]
            heap.removeLast()
        }
        sink(0)
    }

    /// Bytes read so far and those of all files; nil if a size is unknown.
    var progress: (read: UInt64, size: UInt64)? {
        guard let totalSize else { return nil }
        let open = heap.reduce(0) { $0 + (sources[$1].progress?.read ?? 0) }
        return (min(bytesDone + open, totalSize), totalSize)
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (sources[left].receiveTime, sources[right].receiveTime)
        return a != b ? a < b : left < right
    }

    private mutating func push(_ index: Int) {
        heap.append(index)
        var child = heap.count - 1
        while child > 0, isBefore(heap[child], heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            let (left, right) = (2 * parent + 1, 2 * parent + 2)
            if left < heap.count, isBefore(heap[left], heap[least]) { least = left }
            if right < heap.count, isBefore(heap[right], heap[least]) { least = right }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
