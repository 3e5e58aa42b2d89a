import MarketModel
import Parquet

/// Rows of one data type and instrument, collected and written in batches.
protocol EventTable {
    /// The type of event or row it holds.
    associatedtype Row
    static var type: MarketDataType { get }
    init(_ context: TableContext)
    var schema: ParquetSchema { get }
    /// Rows gathered.
    var count: Int { get }
    /// Adds an event, with its row's label if it has one.
    mutating func append(_ row: Row, label: Int64?)
    /// The gathered rows.
    var columns: [ColumnRows] { get }
}
