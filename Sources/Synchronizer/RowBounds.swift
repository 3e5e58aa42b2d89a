import MarketModel
import OrderBooks

/// The bounds of a row: nanoseconds since the Unix epoch.
struct RowBounds: Sendable {
    /// Its label.
    var ts: Int64
    /// Feeds count as observed if live over `[start, ts)`.
    var start: Int64
    /// The row holds events and states before this time.
    var edge: Int64
}
