import MarketModel
import OrderBooks

/// How and when rows are made.
struct RowParameters: Sendable {
    /// Levels a side that a book's totals sum.
    var depth: Int
    /// How much of the book rows carry.
    var content: BookContent
    /// The receive time of the last frame.
    var available: Int64
    /// The watermark delay, nanoseconds.
    var watermarkDelay: Int64
    /// Whether the data ended before the row's edge.
    var isPartial: Bool
}
