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

/// Whether a market file holds rows of the grid or events as they came.
public enum MarketFileStage: String, CaseIterable, Sendable {
    /// What each row of the grid held; the row's label is the column `ts`.
    case synchronized = "sync"
    /// Decoded events in log order.
    case raw

    /// What leads to the folder of the data type: each stage has folders of its own, so that the files of a folder
    /// have one schema and hold each event once.
    var folder: String { self == .raw ? "raw/" : "" }
}
