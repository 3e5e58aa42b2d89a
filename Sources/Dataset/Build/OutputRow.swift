import MarketModel

/// A row for the outputs; features are scaled, 0 where masked.
public struct OutputRow: Sendable {
    /// The index of its part in ``DatasetLayout/parts``.
    public var part = 0
    /// The index of its instrument in ``DatasetLayout/instruments``.
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
    /// The row does not follow the one before.
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
