import Features
import MarketModel
import OrderBooks
import Parquet

extension FundingRecord: ReadableRecord {
    /// Funding rates.
    public static var dataType: MarketDataType { .fundings }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        headRules + [
            ColumnRule(name: "funding_rate", type: .double),
            ColumnRule(name: "interval_hours", type: .double),
            ColumnRule(name: "next_funding_ts", type: .int64, isTime: true),
        ]
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [FundingRecord]
    ) throws(MarketFileError) {
        let (heads, rates) = (try HeadReader(table, identity), table.doubles("funding_rate"))
        let (hours, next) = (table.doubles("interval_hours"), try table.times("next_funding_ts"))
        for row in 0..<table.count {
            records.append(
                FundingRecord(
                    head: try heads.head(row),
                    fundingRate: try table.number(rates, at: row),
                    intervalHours: hours[row],
                    nextFundingTs: next[row]
                )
            )
        }
    }
}
