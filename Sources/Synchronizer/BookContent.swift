import MarketModel
import OrderBooks

/// How much of a book rows show; what nobody looks at need not be copied.
public enum BookContent: Sendable {
    /// The totals that scalars are made of.
    case totals
    /// The totals and the best levels a side.
    case levels
}
