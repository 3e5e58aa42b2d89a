public import MarketModel

/// The shape of a dataset, known before its first row is written.
public struct DatasetLayout: Equatable, Sendable {
    /// The instruments; arrays hold their place in it.
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
    /// The fold's number where there are several.
    public var fold: Int?
    /// The parts in order.
    public var parts: [Part]

    /// A part's size.
    public struct Part: Equatable, Sendable {
        /// Its name.
        public var part: SplitPart
        /// Rows whose decision time lies in it.
        public var rows: Int
        /// Samples it holds.
        public var samples: Int
    }

    /// The folder of a fold below the folder of a format; empty where there is one fold.
    public var folder: String { fold.map { "fold=\($0)/" } ?? "" }
}

/// A row on its way to the outputs; features are scaled, 0 where masked.
public struct OutputRow: Sendable {
    /// The part, as a place in ``DatasetLayout/parts``.
    public var part = 0
    /// The instrument, as a place in ``DatasetLayout/instruments``.
    public var instrument = 0
    /// The row's label, its right edge: nanoseconds since the Unix epoch.
    public var ts: Int64 = 0
    /// When the row was known: nanoseconds since the Unix epoch.
    public var available: Int64 = 0
    /// The reference price of labels, nil where missing.
    public var price: Double?
    /// The book was gapped or a feed not live at some time in its period.
    public var isGap = false
    /// The data ended before its edge.
    public var isPartial = false
    /// It does not follow the row before.
    public var startsAnew = false
    /// The features in double; 0 where masked.
    public var features: [Double]
    /// Which features are there.
    public var isPresent: [Bool]
    /// The labels of the row; NaN where there is none.
    public var labels: [Double]
    /// Which labels are there.
    public var isLabelled: [Bool]
    /// When each label was known: nanoseconds since the Unix epoch.
    public var labelEnds: [Int64]
    /// The row's number in its part.
    public var number = 0
    /// The number of the first row of the window whose sample this row decides; nil if it decides none.
    public var windowStart: Int?

    init(features: Int, labels: Int) {
        self.features = Array(repeating: 0, count: features)
        isPresent = Array(repeating: false, count: features)
        self.labels = Array(repeating: .nan, count: labels)
        isLabelled = Array(repeating: false, count: labels)
        labelEnds = Array(repeating: 0, count: labels)
    }
}

/// Writes a dataset in one format.
public protocol DatasetSink {
    /// Begins a fold below `folder`, which is new and belongs to this dataset.
    mutating func begin(_ layout: DatasetLayout, in folder: String) throws(DatasetError)
    /// Takes a row: instruments in the order of the set, rows of one in order of time.
    mutating func write(_ row: borrowing OutputRow) throws(DatasetError)
    /// Ends the fold: all its files are whole.
    mutating func finish() throws(DatasetError)
}
