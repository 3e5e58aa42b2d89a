import MarketModel
import OrderBooks

/// What a row spans.
struct RowBounds: Sendable {
    /// Its label.
    var ts: Int64
    /// What is observed is judged over `[start, ts)`.
    var start: Int64
    /// It holds the events and states before this.
    var edge: Int64
}
