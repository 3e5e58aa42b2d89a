import MarketModel

/// Writes a dataset in one format.
public protocol DatasetSink {
    /// Begins a fold below `folder`, which is new and belongs to this dataset.
    mutating func begin(_ layout: DatasetLayout, in folder: String) throws(DatasetError)
    /// Writes a row: instruments in the order of the set, rows of each in order of time.
    mutating func write(_ row: borrowing OutputRow) throws(DatasetError)
    /// Ends the fold and completes its files.
    mutating func finish() throws(DatasetError)
}
