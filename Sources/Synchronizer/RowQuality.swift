public import MarketModel
public import OrderBooks

/// How far a row can be trusted.
public struct RowQuality: Sendable, Equatable {
    /// The state of the book strictly before the row's edge.
    public var bookState: OrderBook.State = .awaitingSnapshot
    /// The kinds whose feed was live throughout the period.
    public var observed: FeedKinds = []
    /// The book was gapped at some time in the period, or a feed that was live at some time before the row's
    /// edge was not live throughout the period.
    public var gap = false
    /// The data ended before the row's edge.
    public var partial = false

    /// The quality of a row without any data.
    public init() {}
}
