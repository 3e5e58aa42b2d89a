public import MarketModel
public import OrderBooks
public import Pipeline
public import Recording
public import Synchronizer

/// What a replay read, made and left out.
public struct ReplaySummary: Sendable {
    /// What came of the frames.
    public var counts = PipelineCounts()
    /// What the synchronizer did and left out.
    public var synchronizer = SynchronizerCounters()
    /// Rows given out, those outside the slice and other instruments aside.
    public var rows = 0
    /// Of these, rows whose edge lies after the end of the data.
    public var partialRows = 0
    /// Changes of books into gapped.
    public var gaps = 0
    /// Checksums that held, and that did not.
    public var checksums = (verified: 0, failed: 0)
    /// Sequence numbers that followed, and that did not.
    public var sequences = (verified: 0, broken: 0)
    /// The hold-back that would have kept 99.9 % of trades and liquidations, nanoseconds.
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
    /// What could not be read, by file.
    public var losses: [(path: String, loss: FileLoss)] = []
    /// What is to be known of unfinished files of folders.
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
    /// Instruments asked for that no frame names.
    public var absentInstruments: [Instrument] = []
    /// The receive times of the first and last frame: nanoseconds since the Unix epoch.
    public var span: (first: Int64, last: Int64)?

    /// Nothing read.
    public init() {}

    /// Whether frames were lost between the venue's socket and this replay.
    public var hasDamage: Bool {
        !losses.isEmpty || !damagedFiles.isEmpty || missingFrames > 0 || droppedFrames > 0
    }
}

/// What a replay read of one recording.
public struct ReplayedRecording: Sendable {
    /// The file's path, `-` for standard input.
    public var path: String
    /// What it holds, as far as it was read; nil if the slice ended before its first frame was due.
    public var contents: RecordingSummary?
    /// Whether its last frame was read; false where the slice ended the reading.
    public var isReadToEnd: Bool
}

/// What a replay says of one instrument.
public struct InstrumentSummary: Sendable {
    /// The instrument.
    public var instrument: Instrument
    /// Rows given out.
    public var rows: Int
    /// Trades, duplicates and snapshot lists aside.
    public var trades: Int
    /// The state of its book at the end.
    public var bookState: OrderBook.State
    /// Levels at the end.
    public var bids: Int
    /// Levels at the end.
    public var asks: Int
    /// The best bid at the end.
    public var bestBid: PriceLevel?
    /// The best ask at the end.
    public var bestAsk: PriceLevel?
    /// Messages after which the synced book was crossed.
    public var crossedSeen: Int
    /// What the venue said of it last; nil if the recordings do not tell.
    public var definition: InstrumentDefinition?
}
