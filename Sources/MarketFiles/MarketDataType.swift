public import MarketModel

/// What a market file holds: a kind of data, or rows.
public enum MarketDataType: CaseIterable, Sendable {
    /// Levels of order books.
    case orderbooks
    /// Trades.
    case trades
    /// Liquidations.
    case liquidations
    /// Funding rates.
    case fundings
    /// Open interest.
    case openInterests
    /// Rows of aggregates.
    case aggregates

    /// The kind of data; nil for rows.
    public var kind: DataKind? {
        switch self {
        case .orderbooks: .book
        case .trades: .trades
        case .liquidations: .liquidations
        case .fundings: .fundingRates
        case .openInterests: .openInterest
        case .aggregates: nil
        }
    }

    /// The folder the files lie in, which is also the type's name.
    public var folder: String { kind?.folder ?? "aggregates" }

    /// The short name inside file names.
    public var tag: String { kind?.tag ?? "agg" }
}
