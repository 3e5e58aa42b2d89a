import ByteCoding
public import Exchanges
public import MarketModel
import Recording
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

    /// How many threads a replay may use: with more than one the next chunk is expanded while one is read.
    ///
    /// They change no row. All cores unless told otherwise.
    public var threads = WorkerThread.processors

    /// Whether books keep their levels for rows though no consumer wants them: for a state that another run
    /// goes on from.
    public var keepsLevels = false

    /// The exchanges whose frames are decoded.
    public var catalog = ExchangeCatalog.standard

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
