import Features
import MarketModel
import OrderBooks
import Parquet

extension OpenInterestRecord: ReadableRecord {
    /// Open interest.
    public static var dataType: MarketDataType { .openInterests }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        headRules + [
            ColumnRule(name: "open_interest", type: .double),
            ColumnRule(name: "open_interest_value", type: .double),
            ColumnRule(name: "mark_price", type: .double),
        ]
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [OpenInterestRecord]
    ) throws(MarketFileError) {
        let (heads, interests) = (try HeadReader(table, identity), table.doubles("open_interest"))
        let (values, marks) = (table.doubles("open_interest_value"), table.doubles("mark_price"))
        for row in 0..<table.count {
            records.append(
                OpenInterestRecord(
                    head: try heads.head(row),
                    openInterest: try table.number(interests, at: row, least: 0),
                    value: values[row],
                    markPrice: marks[row]
                )
            )
        }
    }
}
