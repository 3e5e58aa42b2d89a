public import MarketModel
public import OrderBooks

/// A row of aggregates of a market file.
public struct AggregateRecord: Sendable, Equatable {
    /// The instrument.
    public var instrument: Instrument
    /// The row's label: nanoseconds since the Unix epoch, UTC.
    public var ts: Int64
    /// When it was known: nanoseconds since the Unix epoch, UTC.
    public var tsAvailable: Int64
    /// The scalars in the order of `MarketAggregate.Scalar`; nil where undefined.
    public var scalars: [Double?]
    /// Ages of book, funding rate and open interest, nanoseconds.
    public var ages: [Int64?]
    /// The book's state.
    public var bookState: OrderBook.State
    /// Whether the trades' feed was live throughout the period.
    public var observedTrades: Bool
    /// Whether the liquidations' feed was live throughout the period.
    public var observedLiquidations: Bool
    /// Whether the book was gapped or a feed not live at some time in the period.
    public var gap: Bool
    /// Whether the data ended before the row's edge.
    public var partial: Bool
}
