import MarketModel

/// A label of one row.
package struct LabelValue: Equatable, Sendable {
    /// The value; nil if the path meets a gap, a missing price or the end.
    package var value: Double?
    /// The `ts_available` of the last row used, also if it made the label nil: nanoseconds since the Unix
    /// epoch.
    package var end: Int64

    package init(value: Double?, end: Int64) {
        self.value = value
        self.end = end
    }
}
