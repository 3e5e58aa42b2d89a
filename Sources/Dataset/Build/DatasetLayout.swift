public import MarketModel

/// The shape of a dataset, known before its first row is written.
public struct DatasetLayout: Equatable, Sendable {
    /// The instruments; rows refer to them by index.
    public var instruments: [Instrument]
    /// The feature columns.
    public var features: [String]
    /// The label columns.
    public var labels: [String]
    /// Rows of a sample.
    public var window: Int
    /// Whether features and labels are stored as float64.
    public var isDouble: Bool
    /// Whether labels are stored as indices of classes in 64-bit integers.
    public var hasClassIndices: Bool
    /// Whether every window is stored whole.
    public var isMaterialised: Bool
    /// Whether Parquet columns are PLAIN throughout.
    public var isPlain: Bool
    /// The fold's number if there are several.
    public var fold: Int?
    /// The parts in order.
    public var parts: [Part]

    /// A part's size.
    public struct Part: Equatable, Sendable {
        /// Its name.
        public var part: SplitPart
        /// Rows whose decision time is in it.
        public var rows: Int
        /// Samples it holds.
        public var samples: Int
    }

    /// The folder of a fold below that of a format; empty if there is only one fold.
    public var folder: String { fold.map { "fold=\($0)/" } ?? "" }
}
