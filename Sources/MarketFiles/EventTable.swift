import MarketModel
import Parquet

/// Rows of one data type and instrument, gathered and handed on in batches.
protocol EventTable {
    /// What the table takes.
    associatedtype Row
    static var type: MarketDataType { get }
    init(_ context: TableContext)
    var schema: ParquetSchema { get }
    /// Rows gathered.
    var count: Int { get }
    /// Adds an event, with the label of its row where it has one.
    mutating func append(_ row: Row, label: Int64?)
    /// The gathered rows.
    var columns: [ColumnRows] { get }
    /// Removes all rows and keeps the memory.
    mutating func removeAll()
}
