import ByteCoding
public import Exchanges
public import MarketModel
import Recording
import Rows
public import Synchronizer

/// The options of a replay.
public struct ReplayOptions: Sendable {
    /// How events become rows.
    public var synchronizer: SynchronizerOptions
    /// Only rows with `ts` after it: nanoseconds since the Unix epoch.
    ///
    /// Earlier frames warm up books and feeds.
    public var from: Int64?
    /// Only rows with `ts` up to it: nanoseconds since the Unix epoch.
    public var to: Int64?
    /// Only rows of these instruments; nil = all.
    ///
    /// All frames still count and move log time.
    public var instruments: [Instrument]?
    /// Whether to compute the digests over rows.
    public var digests: Bool
    /// The largest chunk and record that are read, bytes.
    public var maximumChunk = RecordingReader.maximumChunk

    /// How many threads a replay may use: with more than one the next chunk is expanded while one is read, and with
    /// more than two and ``runsAhead`` frames become rows on others.
    ///
    /// They change no row. All cores unless told otherwise.
    public var threads = WorkerThread.processors

    /// Whether frames may be read before those before them have become rows: up to a batch of some thousand.
    ///
    /// Not for callers that look at rows between frames.
    public var runsAhead = false

    /// Whether books keep their levels for rows though no consumer wants them: for a state that another run
    /// goes on from.
    public var keepsLevels = false

    /// The exchanges whose frames are decoded.
    public var catalog = ExchangeCatalog.standard

    /// Whether frames become rows on other threads: where all of them are read and shown, and a sink gets no events.
    ///
    /// Two cores are busy with reading, expanding and rows as it is: passing them on would only cost.
    func usesLanes(for sink: any RowSink) -> Bool {
        runsAhead && threads > 2 && from == nil && to == nil && !keepsLevels && !sink.wants.contains(.events)
    }

    /// Options for all rows of the recordings.
    public init(
        synchronizer: SynchronizerOptions = SynchronizerOptions(),
        from: Int64? = nil,
        to: Int64? = nil,
        instruments: [Instrument]? = nil,
        digests: Bool = true
    ) {
        self.synchronizer = synchronizer
        self.from = from
        self.to = to
        self.instruments = instruments
        self.digests = digests
    }
}
