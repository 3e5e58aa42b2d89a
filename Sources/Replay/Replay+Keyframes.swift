import Glibc
import MarketModel
import OrderBooks
import Pipeline
import Recording
public import Rows

// Keyframes: states in files beside recordings, at which replays of slices begin.
extension Replay {
    /// Opens recordings as ``init(paths:options:into:)`` does, and goes to the last keyframe from which on all rows of
    /// the slice are made.
    ///
    /// Without a start of the slice, and where no keyframe fits (none there, damaged, of another recording, plan or
    /// ``streamState``), reading begins at the first frame: the rows are the same. ``keyframeStart`` says which.
    ///
    /// - Parameters:
    ///   - paths: the recordings: keyframes are used for the files of one session, all from its first on.
    ///   - options: the plan, which must be that of the keyframes.
    ///   - sink: where rows go.
    ///   - folder: where the files of keyframes are; nil = beside the recordings.
    /// - Throws: as the other initializers do.
    public init(
        paths: [String],
        options: ReplayOptions,
        into sink: any RowSink,
        keyframesIn folder: String?
    ) throws(ReplayError) {
        guard let from = options.from,
            try RecordingFiles.expand(paths).contains(where: { Self.hasKeyframes($0, folder) })
        else {
            try self.init(paths: paths, options: options, into: sink)
            return
        }
        var stateful = options
        // Rows that wait at a keyframe hold levels, whoever wants them.
        stateful.keepsLevels = true
        try self.init(paths: paths, options: stateful, into: sink)
        var isStarted = false
        do throws(ReplayError) {
            isStarted = try start(before: from, in: folder)
        } catch {
            // Its digests are right, so the program that wrote it meant something else: not used.
        }
        if !isStarted { try self.init(paths: paths, options: options, into: sink) }
    }

    /// The number of the form and meaning of states: keyframes of another are not used.
    public static var streamState: Int { KeyframePlan.streamState }

    /// The keyframe at which reading began; nil if it was the first frame.
    public var keyframeStart: KeyframeStart? { keyframe }

    /// Whether there are files of keyframes of any of the recordings, fitting or not.
    public func hasKeyframes(in folder: String?) -> Bool { files.contains { Self.hasKeyframes($0, folder) } }

    private static func hasKeyframes(_ recording: String, _ folder: String?) -> Bool {
        access(KeyframeFile.path(of: recording, in: folder), R_OK) == 0
    }

    /// Goes to the last keyframe before which no row of a slice lies; false if there is none.
    private mutating func start(before from: Int64, in folder: String?) throws(ReplayError) -> Bool {
        guard let chain = KeyframeChain(merge) else { return false }
        for file in chain.marks.indices.reversed() {
            let path = KeyframeFile.path(of: merge.sources[file].path, in: folder)
            guard let keyframes = try? KeyframeFile(path: path), chain.fits(keyframes, file: file, options)
            else { continue }
            for one in keyframes.keyframes.reversed()
            where one.time <= from && one.rowsThrough <= from && isUnread(behind: file, at: one.time) {
                guard let parts = try? keyframes.parts(of: one) else { continue }
                let gaps = try resume(atKeyframe: parts)
                keyframe = KeyframeStart(
                    path: path,
                    time: one.time,
                    nextTime: nextTime,
                    frames: frames,
                    gaps: gaps
                )
                return true
            }
        }
        return false
    }

    /// Whether no frame of the files behind one comes before a frame of it that was received at a time.
    private func isUnread(behind file: Int, at time: Int64) -> Bool {
        merge.sources[(file + 1)...].allSatisfy { !$0.hasFrame || $0.receiveTime >= time }
    }

    /// Tells the sink which gaps of books are open at the keyframe at which reading began.
    ///
    /// For ledgers, once they can write; does nothing if reading began at the first frame.
    public func tellOpenGaps() { for gap in keyframe?.gaps ?? [] { filter.received(gap.notice) } }

    /// Goes on from a keyframe of the first files, and returns the gaps that are open there; nothing was read yet.
    mutating func resume(atKeyframe state: [StatePart]) throws(ReplayError) -> [KeyframeGap] {
        var parts = StateParts(reading: state)
        var (positions, places, gaps) = ([SourcePosition](), [RecordingPlace](), [KeyframeGap]())
        do throws(StateError) {
            try codeKeyframe(&parts, &positions, &places, &gaps)
            try parts.finish()
            try check(positions.flatMap(\.routes))
            guard !places.isEmpty, places.count == positions.count, positions.count <= merge.sources.count
            else {
                throw .malformed(field: "/places", reason: "of other files")
            }
        } catch {
            throw .state(error)
        }
        try merge.resume(at: positions, places: places)
        if merge.next == nil, let session = merge.sessions.last { endedSessions = [session] }
        return gaps
    }

    /// The state after the frames read so far, of which the last is of a file, and none of those behind it.
    ///
    /// Nil where a reader cannot go to the next frame.
    mutating func keyframe(ofFile file: Int, _ watch: KeyframeWatch) throws(ReplayError) -> [StatePart]? {
        var places: [RecordingPlace] = []
        for source in merge.sources[...file] {
            guard let place = try source.place else { return nil }
            places.append(place)
        }
        var gaps: [KeyframeGap] = []
        for (index, instrument) in lane.pipeline.instruments.enumerated() {
            guard let gap = watch.gaps[instrument], lane.pipeline.books.keepers[index].book.state == .gapped
            else { continue }
            gaps.append(KeyframeGap(gap, of: instrument))
        }
        // Whether the session ends here, the files behind tell.
        let ended = endedSessions
        endedSessions = []
        defer { endedSessions = ended }
        var (parts, positions) = (StateParts(), Array(merge.positions[...file]))
        do throws(StateError) {
            try codeKeyframe(&parts, &positions, &places, &gaps)
        } catch {
            throw .state(error)
        }
        return parts.parts
    }

    private mutating func codeKeyframe(
        _ parts: inout StateParts,
        _ positions: inout [SourcePosition],
        _ places: inout [RecordingPlace],
        _ gaps: inout [KeyframeGap]
    ) throws(StateError) {
        try codeFrames(&parts, &positions)
        try parts.part("/places", &places)
        try parts.part("/gaps", &gaps)
    }

    /// Reads frames of a file received before a time; returns the receive time of the last, nil without any.
    mutating func run(before time: Int64, inFile file: Int) throws -> Int64? {
        let source = merge.sources[file]
        var last: Int64?
        while merge.next == file, source.receiveTime < time {
            let reader = try source.reader()
            last = source.receiveTime
            try readFrame(reader, ofFile: file, source)
            try advance(reader, ofFile: file, source)
        }
        return last
    }
}
