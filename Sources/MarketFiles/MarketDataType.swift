/// The kinds of market file: what each holds and how it is named.
public enum MarketDataType: String, CaseIterable, Sendable {
    /// Levels of order books.
    case orderbooks
    /// Trades.
    case trades
    /// Liquidations.
    case liquidations
    /// Funding rates.
    case fundings
    /// Open interest.
    case openInterests = "open_interests"
    /// Rows of aggregates.
    case aggregates

    /// The folder the files lie in.
    public var folder: String { rawValue }

    /// The short name inside file names.
    public var tag: String {
        switch self {
        case .orderbooks: "ob"
        case .trades: "trades"
        case .liquidations: "liquidations"
        case .fundings: "funding"
        case .openInterests: "oi"
        case .aggregates: "agg"
        }
    }
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
