import Recording

/// A recording of which other valid frames follow than those it holds, each later than it was.
///
/// Counters of its channels tell of no loss: frames are left out or come a second time on purpose.
final class TamperedSource: FrameSource {
    private let delay: Int64
    private let skipsEverySecondFrame: Bool

    /// Goes on from the frame at hand of a source that has one; `delay` is in nanoseconds.
    init(_ source: FrameSource, delay: Int64, skipsEverySecondFrame: Bool) {
        self.delay = delay
        self.skipsEverySecondFrame = skipsEverySecondFrame
        super.init(goingOnFrom: source)
        if hasFrame { receiveTime += delay }
    }

    override func advance(_ reader: RecordingReader) throws(ReplayError) {
        try super.advance(reader)
        if skipsEverySecondFrame, hasFrame { try super.advance(reader) }
        if hasFrame { receiveTime += delay }
    }
}
