import Features
import MarketModel
import OrderBooks
import Parquet

extension AggregateRecord: ReadableRecord {
    /// Rows of aggregates.
    public static var dataType: MarketDataType { .aggregates }

    private static let ageNames = ["book_age_ns", "funding_age_ns", "interest_age_ns"]
    private static let states: [(String, OrderBook.State)] = [
        ("awaiting", .awaitingSnapshot), ("synced", .synced), ("gapped", .gapped),
    ]

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        ["ts", "ts_available"].map { ColumnRule(name: $0, type: .int64, isTime: true) }
            + MarketAggregate.Scalar.names.map { ColumnRule(name: $0, type: .double) }
            + ageNames.map { ColumnRule(name: $0, type: .int64) }
            + [ColumnRule(name: "book_state", type: .byteArray)]
            + AggregateTable.flagNames.map { ColumnRule(name: $0, type: .boolean) }
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [AggregateRecord]
    ) throws(MarketFileError) {
        let (ts, available) = (try table.times("ts"), try table.times("ts_available"))
        let scalars = MarketAggregate.Scalar.names.map { table.doubles($0) }
        let ages = ageNames.map { table.integers($0) }
        let flags = AggregateTable.flagNames.map { table.flags($0) }
        for row in 0..<table.count {
            records.append(
                AggregateRecord(
                    instrument: try identity.instrument(table, row),
                    ts: try table.required(ts, at: row),
                    tsAvailable: try table.required(available, at: row),
                    scalars: scalars.map { $0[row] },
                    ages: ages.map { $0[row] },
                    bookState: try table.choice("book_state", at: row, of: states),
                    observedTrades: try table.required(flags[0], at: row),
                    observedLiquidations: try table.required(flags[1], at: row),
                    gap: try table.required(flags[2], at: row),
                    partial: try table.required(flags[3], at: row)
                )
            )
        }
    }
}
