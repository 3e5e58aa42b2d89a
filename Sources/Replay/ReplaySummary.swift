public import MarketModel
import OrderBooks
public import Pipeline
public import Recording
public import Synchronizer

/// The summary of a replay.
public struct ReplaySummary: Sendable {
    /// The counts of frames and events.
    public var counts = PipelineCounts()
    /// The counts of the synchronizer.
    public var synchronizer = SynchronizerCounters()
    /// Rows emitted, excluding those outside the slice or of other instruments.
    public var rows = 0
    /// Of these, rows whose edge lies after the end of the data.
    public var partialRows = 0
    /// How often books became gapped.
    public var gaps = 0
    /// Checksums verified and failed.
    public var checksums = (verified: 0, failed: 0)
    /// Sequence numbers verified and broken.
    public var sequences = (verified: 0, broken: 0)
    /// Tickers whose best bid and ask were the book's at their number, and those that were others.
    public var tops = (verified: 0, failed: 0)
    /// The watermark delay that would have kept 99.9 % of trades and liquidations, nanoseconds.
    public var suggestedHoldBack: Int64 = 0
    /// How late the late trades and liquidations were; nil before the end of a replay.
    public var lateness: LatenessHistogram?
    /// The greatest lateness, nanoseconds; nil if nothing was late.
    public var greatestLateness: Int64? { lateness?.maximum }
    /// Each instrument, in the order of its first decoded event.
    public var instruments: [InstrumentSummary] = []
    /// Samples of unknown frames.
    public var unknownSamples: [String] = []
    /// SHA-256 over rows in the order of emission.
    public var digest: String?
    /// SHA-256 over rows by (ts, exchange, market, symbol), without ts_available.
    public var contentDigest: String?
    /// What was read, in source order.
    public var recordings: [ReplayedRecording] = []
    /// Losses, by file.
    public var losses: [(path: String, loss: FileLoss)] = []
    /// Lines about unfinished files in folders.
    public var notes: [String] = []
    /// Files that were torn or damaged.
    public var damagedFiles: [String] = []
    /// Frames missing in the logs by their counters.
    public var missingFrames: UInt64 = 0
    /// Frames that the recorder says it dropped.
    public var droppedFrames: UInt64 = 0
    /// How often receive times stepped back within a file.
    public var stepsBack: UInt64 = 0
    /// Whether any channel was a connection to an exchange; false for an MCAP file of something else.
    public var hasConnections = false
    /// Requested instruments that no frame names.
    public var absentInstruments: [Instrument] = []
    /// The keyframe at which reading began; nil if it was the first frame.
    ///
    /// Counts and ``span`` are of all frames since the session began, as if the earlier ones had been read too;
    /// ``recordings`` and ``losses`` are of what was read.
    public var keyframe: KeyframeStart?
    /// The receive times of the first and last frame: nanoseconds since the Unix epoch.
    public var span: (first: Int64, last: Int64)?

    /// A summary of nothing.
    public init() {}

    /// Whether frames were lost between the venue's socket and this replay.
    public var hasDamage: Bool {
        !losses.isEmpty || !damagedFiles.isEmpty || missingFrames > 0 || droppedFrames > 0
    }
}
