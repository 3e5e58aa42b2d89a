import MarketModel
import Recording

/// One of the merged recordings.
///
/// With many files only those with due frames are open, each with one chunk in memory.
final class FrameSource {
    let path: String
    /// The session it belongs to.
    let session: SessionIdentity
    /// Whether it is a recording of this project, whose counters show missing frames.
    let isProfiled: Bool
    /// The number of places with possibly missing frames that were handled.
    var lostIndexes = 0
    /// The receive time of the current frame.
    var receiveTime: Int64
    /// Whether there is a current frame.
    private(set) var hasFrame: Bool
    /// The destination of each channel's frames; nil if not known yet.
    ///
    /// Unchecked, as ``passed``: each frame reads it, on one thread, and a change of it asks for nothing else.
    @exclusivity(unchecked) var routes: [FrameRoute?] = []
    private var opened: RecordingReader?
    private let maximumChunk: Int
    private let readsAhead: Bool
    /// How many frames of the file one step is.
    private let stride: Int
    /// The delay of each frame: nanoseconds.
    private let delay: Int64
    /// The frames passed.
    @exclusivity(unchecked) private var passed = PassedFrames()
    private(set) var losses: [FileLoss] = []
    private(set) var missingFrames: UInt64 = 0
    private(set) var stepsBack: UInt64 = 0
    private(set) var isDamaged = false
    /// The summary; nil until it is closed.
    private(set) var contents: RecordingSummary?

    /// Opens the file and reads to its first frame; closes it again unless `keepsOpen`.
    init(path: String, maximumChunk: Int, readsAhead: Bool, keepsOpen: Bool) throws(ReplayError) {
        self.path = path
        self.maximumChunk = maximumChunk
        self.readsAhead = readsAhead
        (stride, delay) = (1, 0)
        let reader = try FrameSource.open(path, maximumChunk, readsAhead: readsAhead && keepsOpen)
        session = reader.session
        isProfiled = reader.isProfiled
        hasFrame = try FrameSource.advance(reader)
        receiveTime = hasFrame ? reader.receiveTime : .max
        if keepsOpen || !hasFrame { opened = reader }
        if !hasFrame { close(reader) }
    }

    /// Continues from a source's current frame with other valid frames than its own: each later, and only every
    /// `stride`th.
    ///
    /// Its counters show no loss: frames are left out or repeated on purpose.
    init(goingOnFrom source: FrameSource, delay: Int64, stride: Int) {
        path = source.path
        session = source.session
        isProfiled = false
        (maximumChunk, readsAhead) = (source.maximumChunk, source.readsAhead)
        lostIndexes = source.lostIndexes
        (self.stride, self.delay) = (stride, delay)
        receiveTime =
            source.hasFrame ? FrameSource.delayed(source.receiveTime, by: delay) : source.receiveTime
        hasFrame = source.hasFrame
        opened = source.opened
    }

    /// The reader, at the current frame.
    func reader() throws(ReplayError) -> RecordingReader {
        if let opened { return opened }
        let reader = try FrameSource.open(path, maximumChunk, readsAhead: readsAhead)
        _ = try FrameSource.advance(reader)
        opened = reader
        return reader
    }

    /// Moves to the next frame of its ``reader()``.
    func advance(_ reader: RecordingReader) throws(ReplayError) {
        let (time, number, length) = (receiveTime, reader.sequence, reader.bytes.byteCount)
        passed.add(time, number, length)
        for _ in 0..<stride where hasFrame { hasFrame = try FrameSource.advance(reader) }
        receiveTime = hasFrame ? FrameSource.delayed(reader.receiveTime, by: delay) : .max
        if !hasFrame { close(reader) }
    }

    /// How far it was read.
    var position: SourcePosition {
        SourcePosition(
            session: session,
            frames: passed.count,
            mark: passed.mark,
            isAtEnd: !hasFrame,
            lostIndexes: lostIndexes,
            routes: routes
        )
    }

    /// Reads over the frames passed before a state was written, which must be those of this file.
    func resume(at position: SourcePosition) throws(ReplayError) {
        (lostIndexes, routes) = (position.lostIndexes, position.routes)
        if position.frames > 0, hasFrame {
            let reader = try reader()
            while passed.count < position.frames, hasFrame { try advance(reader) }
        }
        guard passed.count == position.frames, passed.mark == position.mark else {
            throw .state(.mismatch(what: "a recording", found: "with other frames", expected: path))
        }
        guard position.isAtEnd == !hasFrame else {
            throw .state(
                .mismatch(what: "a recording", found: "that ended there", expected: "\(path), which goes on")
            )
        }
    }

    /// The place of the current frame, or what was counted if there is none; nil where no later reader could go there.
    var place: RecordingPlace? {
        get throws(ReplayError) {
            if hasFrame { return try reader().place }
            guard contents?.isDamaged == false, !isDamaged, lostIndexes == 0 else { return nil }
            var place = RecordingPlace()
            (place.stepsBack, place.missingFrames) = (stepsBack, missingFrames)
            return place
        }
    }

    /// Goes on from a place without reading the frames before it.
    func resume(at position: SourcePosition, place: RecordingPlace) throws(ReplayError) {
        (lostIndexes, routes) = (position.lostIndexes, position.routes)
        passed = PassedFrames(count: position.frames, mark: position.mark)
        if position.isAtEnd { return end(at: place) }
        if hasFrame {
            let reader = try reader()
            do throws(RecordingError) {
                if try reader.seek(to: place) {
                    receiveTime = reader.receiveTime
                    return
                }
            } catch {
                throw .recording(error)
            }
        }
        throw .state(.mismatch(what: "a recording", found: "with other frames", expected: path))
    }

    /// Goes to the end, without reading.
    private func end(at place: RecordingPlace) {
        opened = nil
        (hasFrame, receiveTime) = (false, .max)
        (stepsBack, missingFrames) = (place.stepsBack, place.missingFrames)
        contents = RecordingSummary(indexOf: path)
        contents?.stepsBack = stepsBack
        contents?.missingFrames = missingFrames
    }

    /// Bytes read so far, and the file's size if known; nil while it is closed.
    var progress: (read: UInt64, size: UInt64?)? { opened?.progress }

    /// Stops reading and records the damage so far.
    func close() {
        if let opened { close(opened) }
    }

    private func close(_ reader: RecordingReader) {
        contents = reader.summary
        losses = reader.losses
        missingFrames = isProfiled ? reader.missingFrames : 0
        stepsBack = reader.stepsBack
        isDamaged = reader.isDamaged
        opened = nil
    }

    /// The latest time there is where a recording's own times leave no room for a delay.
    private static func delayed(_ time: Int64, by delay: Int64) -> Int64 {
        let (sum, isTooLate) = time.addingReportingOverflow(delay)
        return isTooLate ? .max : sum
    }

    private static func open(
        _ path: String,
        _ maximumChunk: Int,
        readsAhead: Bool
    ) throws(ReplayError) -> RecordingReader {
        do {
            return try RecordingReader(
                path: path,
                order: .time,
                maximumChunk: maximumChunk,
                readsAhead: readsAhead
            )
        } catch {
            throw .recording(error)
        }
    }

    private static func advance(_ reader: RecordingReader) throws(ReplayError) -> Bool {
        do { return try reader.advance() } catch { throw .recording(error) }
    }
}
