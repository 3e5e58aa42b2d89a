import MarketModel
import OrderBooks

/// How rows are made, and when.
struct RowParameters: Sendable {
    /// Levels a side of the book that totals sum.
    var depth: Int
    /// How much of the book is shown.
    var content: BookContent
    /// The receive time of the last frame.
    var available: Int64
    /// How long the clock lags.
    var watermarkDelay: Int64
    /// Whether the data ended before the row's edge.
    var isPartial: Bool
}
