public import Synchronizer

/// Everything that decides the content of a dataset.
public struct DatasetPlan: Equatable, Sendable {
    /// Recordings, or folders of them.
    public var recordings: [String] = []
    /// Instruments (`exchange/market/symbol`) in the order of the set; empty: all, in order of their first
    /// events.
    public var instruments: [String] = []
    /// Rows with `ts` greater than this only, nanoseconds since the Unix epoch.
    public var from: Int64?
    /// Rows with `ts` up to this only, nanoseconds since the Unix epoch.
    public var to: Int64?
    /// How rows are made.
    public var rows = SynchronizerOptions()
    /// Feature sets and single features by name.
    public var features: [String] = ["aggregate"]
    /// The labels in order.
    public var labels: [LabelDefinition] = []
    /// What labels are measured from.
    public var entry = EntryRule.tradable
    /// The reference price of labels.
    public var price = ReferencePrice.mid
    /// Time from knowing a row to acting on it, nanoseconds.
    public var latency: Int64 = 0
    /// Prices of books older than this are missing, nanoseconds.
    public var maxAge: Int64?
    /// Rows of a sample.
    public var window = 1
    /// Rows between two samples.
    public var stride = 1
    /// The parts.
    public var split = SplitPlan.fractions(
        train: Share(percent: 70),
        validation: Share(percent: 15),
        test: Share(percent: 15)
    )
    /// The time after a boundary without samples, nanoseconds; nil: the longest horizon.
    public var embargo: Int64?
    /// Scaling.
    public var normalise = NormalisationKind.none
    /// Whether scales are fitted per instrument.
    public var normalisesPerInstrument = true
    /// How features without any value are treated.
    public var missing = MissingFeatures.leaveOut
    /// Whether features and labels are stored as float64.
    public var isDouble = false
    /// How labels are stored in arrays.
    public var labelType = LabelType.number
    /// Whether every window is stored whole.
    public var isMaterialised = false
    /// File formats.
    public var outputs: [OutputFormat] = [.npy, .parquet]
    /// Whether Parquet columns are PLAIN throughout, for readers without the newer encodings.
    public var isPlain = false
    /// The number of cuts of the log with which the build audits itself.
    public var audit = 0

    /// The defaults.
    public init() {}

    /// Whether rows are at events or thresholds instead of a grid.
    var emitsPerEvent: Bool { rows.sampling == .event || rows.bars != nil }
}
