import Features
import MarketModel
import OrderBooks
import Parquet

/// How records come out of rows; a type of its own keeps the Parquet types out of the public promise.
protocol ReadableRecord: MarketRecord {
    static func rules(_ schema: ParquetSchema) -> [ColumnRule]
    /// Appends the records of a table; the last one there may go on in it.
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
