import MarketModel
import Parquet

/// Funding rates: rate, hours between settlements, next settlement.
struct FundingTable: EventTable {
    static let type = MarketDataType.fundings
    private var common: EventColumns
    private var rate: [Double] = []
    private var interval = OptionalColumn()
    private var next = RunColumn()

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [
                ParquetColumn("funding_rate", .double),
                ParquetColumn("interval_hours", .double, isOptional: true),
                ParquetColumn("next_funding_ts", .int64, isOptional: true),
            ]
        )
    }

    mutating func append(_ funding: FundingRate, label: Int64?) {
        common.append(exchangeTime: funding.exchangeTime, receiveTime: funding.receiveTime, label: label)
        rate.append(funding.rate.doubleValue)
        interval.append(funding.intervalHours?.doubleValue)
        next.append(funding.nextFundingTime)
    }

    var columns: [ColumnRows] {
        common.columns([.each(ColumnVector(rate)), interval.rows, next.rows])
    }
}
