import MarketModel

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
