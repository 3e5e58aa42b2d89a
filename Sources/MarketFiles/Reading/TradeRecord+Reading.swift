import Features
import MarketModel
import OrderBooks
import Parquet

extension TradeRecord: ReadableRecord {
    /// Trades.
    public static var dataType: MarketDataType { .trades }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        headRules + [
            ColumnRule(name: "side", type: .byteArray), ColumnRule(name: "price", type: .double),
            ColumnRule(name: "amount", type: .double), ColumnRule(name: "id", type: .byteArray),
        ]
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [TradeRecord]
    ) throws(MarketFileError) {
        let (heads, prices) = (try HeadReader(table, identity), table.doubles("price"))
        let amounts = table.doubles("amount")
        for row in 0..<table.count {
            records.append(
                TradeRecord(
                    head: try heads.head(row),
                    side: try table.choice("side", at: row, of: RowTable.sides),
                    price: try table.number(prices, at: row, least: 0),
                    amount: try table.number(amounts, at: row, least: 0),
                    id: table.text("id", at: row)
                )
            )
        }
    }
}
