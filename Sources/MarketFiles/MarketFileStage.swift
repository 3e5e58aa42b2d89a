import MarketModel

/// Whether a market file contains the events of rows or raw events.
public enum MarketFileStage: String, CaseIterable, Sendable {
    /// The events of each row, labelled with its `ts`.
    case synchronized = "sync"
    /// Decoded events in log order.
    case raw

    /// The path before the data type's folder: stages have separate folders, so that the files of a folder
    /// have one schema and each event once.
    var folder: String { self == .raw ? "raw/" : "" }
}
