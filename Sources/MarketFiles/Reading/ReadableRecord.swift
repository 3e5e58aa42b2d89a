import Features
import MarketModel
import OrderBooks
import Parquet

/// How records are made from rows; a separate protocol keeps the Parquet types out of the public API.
protocol ReadableRecord: MarketRecord {
    static func rules(_ schema: ParquetSchema) -> [ColumnRule]
    /// Appends the records of a table, whose first rows may continue the last record.
    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [Self]
    ) throws(MarketFileError)
}

extension ReadableRecord {
    static var headRules: [ColumnRule] {
        [
            ColumnRule(name: "ts_event", type: .int64, isTime: true),
            ColumnRule(name: "ts_recv", type: .int64, isTime: true),
            ColumnRule(name: "ts", type: .int64, mayBeAbsent: true, isTime: true),
        ]
    }
}
