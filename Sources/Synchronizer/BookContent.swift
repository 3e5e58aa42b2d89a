import MarketModel
import OrderBooks

/// How much of a book rows carry: only what a consumer asked for is copied.
public enum BookContent: Sendable {
    /// The totals that scalars are computed from.
    case totals
    /// The totals, and the best levels a side.
    case levels
}
