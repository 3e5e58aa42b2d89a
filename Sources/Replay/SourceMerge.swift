import Recording

/// Merges recordings into one total order: (receive time, source order, place in the source).
///
/// Source order is (session start, file name), not the order of arguments. A binary heap of the sources'
/// next frames; with one source it costs nothing.
struct SourceMerge {
    /// The sources in source order.
    private(set) var sources: [FrameSource]
    /// Bytes of all files; nil if one of them is no plain file.
    private var totalSize: UInt64? = 0
    /// Bytes of the files that were read to their end.
    private var bytesDone: UInt64 = 0
    /// Places in `sources`, a heap by (receive time, place).
    private var heap: [Int]
    /// The sessions that the sources belong to.
    private var open: OpenSessions

    /// The most files held open from the start.
    private static let eagerLimit = 16

    init(paths: [String], maximumChunk: Int) throws(ReplayError) {
        var opened: [FrameSource] = []
        for path in paths {
            // What is no plain file cannot be opened a second time.
            let size = RecordingFiles.size(of: path)
            let keepsOpen = paths.count <= SourceMerge.eagerLimit || size == nil
            opened.append(try FrameSource(path: path, maximumChunk: maximumChunk, keepsOpen: keepsOpen))
            if let size { totalSize? += size } else { totalSize = nil }
        }
        sources = opened.sorted {
            SourceOrder($0.session, path: $0.path) < SourceOrder($1.session, path: $1.path)
        }
        open = OpenSessions(sources.map(\.session), hasFrames: sources.map(\.hasFrame))
        heap = []
        for index in sources.indices where sources[index].hasFrame { push(index) }
    }

    /// The place of the source whose frame comes next, or nil at the end.
    var next: Int? { heap.first }

    /// The session of each source, as a number.
    var sessions: [Int] { open.numbers }

    /// Notes that a source was read to its end; whether its session has other files to come.
    mutating func goesOn(behind index: Int) -> Bool { open.goesOn(behind: index) }

    /// Puts another source in the place of each that has frames left; all of them must come as much later.
    mutating func replaceSources(by other: (FrameSource) -> FrameSource) {
        for index in heap { sources[index] = other(sources[index]) }
    }

    /// Moves the source of the frame at hand on.
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

    /// Bytes read so far of those of all files; nil where a size is not known.
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
