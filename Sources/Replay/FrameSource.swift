import MarketModel
import Recording

/// Where the frames of a channel go.
struct FrameRoute {
    var direction: FrameDirection
    /// The pipeline's number of the connection.
    var connection: Int32
    /// The place of the channel's counter among those of its session; -1 where counters tell nothing.
    var counter: Int
}

/// One recording among those that are merged.
///
/// With many files only those whose frames are due are open; each holds one chunk in memory.
final class FrameSource {
    let path: String
    /// The session it is a file of.
    let session: SessionIdentity
    /// Whether it is a recording of this project, whose counters tell of missing frames.
    let isProfiled: Bool
    /// Places at which frames of any of its connections may be missing, as far as they were judged.
    var lostIndexes = 0
    /// The receive time of the frame at hand.
    var receiveTime: Int64
    /// Whether a frame is at hand.
    private(set) var hasFrame: Bool
    /// Where the frames of each channel of the file go; nil where it is not known yet.
    var routes: [FrameRoute?] = []
    private var opened: RecordingReader?
    private let maximumChunk: Int
    /// How many frames of the file one step is.
    private let stride: Int
    /// How much later than recorded each frame comes: nanoseconds.
    private let delay: Int64
    private(set) var losses: [FileLoss] = []
    private(set) var missingFrames: UInt64 = 0
    private(set) var stepsBack: UInt64 = 0
    private(set) var isDamaged = false
    /// What was read; nil until it is closed.
    private(set) var contents: RecordingSummary?

    /// Opens the file and reads to its first frame; closes it again unless `keepsOpen`.
    init(path: String, maximumChunk: Int, keepsOpen: Bool) throws(ReplayError) {
        self.path = path
        self.maximumChunk = maximumChunk
        (stride, delay) = (1, 0)
        let reader = try FrameSource.open(path, maximumChunk)
        session = reader.session
        isProfiled = reader.isProfiled
        hasFrame = try FrameSource.advance(reader)
        receiveTime = hasFrame ? reader.receiveTime : .max
        if keepsOpen || !hasFrame { opened = reader }
        if !hasFrame { close(reader) }
    }

    /// Goes on from the frame at hand of a source with other valid frames than those it holds: each comes later, and
    /// only every `stride`th.
    ///
    /// Counters tell of no loss: frames are left out or come a second time on purpose.
    init(goingOnFrom source: FrameSource, delay: Int64, stride: Int) {
        path = source.path
        session = source.session
        isProfiled = false
        maximumChunk = source.maximumChunk
        lostIndexes = source.lostIndexes
        (self.stride, self.delay) = (stride, delay)
        receiveTime = source.hasFrame ? source.receiveTime + delay : source.receiveTime
        hasFrame = source.hasFrame
        opened = source.opened
    }

    /// The reader, standing on the frame at hand.
    func reader() throws(ReplayError) -> RecordingReader {
        if let opened { return opened }
        let reader = try FrameSource.open(path, maximumChunk)
        _ = try FrameSource.advance(reader)
        opened = reader
        return reader
    }

    /// Moves to the next frame of its ``reader()``.
    func advance(_ reader: RecordingReader) throws(ReplayError) {
        for _ in 0..<stride where hasFrame { hasFrame = try FrameSource.advance(reader) }
        receiveTime = hasFrame ? reader.receiveTime + delay : .max
        if !hasFrame { close(reader) }
    }

    /// Bytes read so far, and those of the whole file where its size is known; nil while it is closed.
    var progress: (read: UInt64, size: UInt64?)? { opened?.progress }

    /// Ends the reading where it stands and notes what was damaged so far.
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

    private static func open(_ path: String, _ maximumChunk: Int) throws(ReplayError) -> RecordingReader {
        do { return try RecordingReader(path: path, order: .time, maximumChunk: maximumChunk) } catch {
            throw .recording(error)
        }
    }

    private static func advance(_ reader: RecordingReader) throws(ReplayError) -> Bool {
        do { return try reader.advance() } catch { throw .recording(error) }
    }
}
