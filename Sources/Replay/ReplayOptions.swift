public import Exchanges
public import MarketModel
import Recording
public import Synchronizer

/// What a replay is told.
public struct ReplayOptions: Sendable {
    /// How events become rows.
    public var synchronizer: SynchronizerOptions
    /// Only rows with `ts` after it: nanoseconds since the Unix epoch.
    ///
    /// Frames before it warm up books and feeds.
    public var from: Int64?
    /// Only rows with `ts` up to it: nanoseconds since the Unix epoch.
    public var to: Int64?
    /// Only rows of these instruments; nil = all.
    ///
    /// Every frame counts and moves log time all the same.
    public var instruments: [Instrument]?
    /// Whether to compute the digests over rows.
    public var digests: Bool
    /// The largest chunk and record of a recording that is read, bytes.
    public var maximumChunk = RecordingReader.maximumChunk

    /// The exchanges whose frames are decoded.
    public var catalog = ExchangeCatalog.standard

    /// The whole of the recordings.
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
