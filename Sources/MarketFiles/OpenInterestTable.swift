import MarketModel
import Parquet

/// Open interest: contracts or base, value in quote, mark price.
struct OpenInterestTable: EventTable {
    static let type = MarketDataType.openInterests
    private var common: EventColumns
    private var interest: [Double] = []
    private var value = OptionalColumn()
    private var mark = OptionalColumn()

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [
                ParquetColumn("open_interest", .double),
                ParquetColumn("open_interest_value", .double, isOptional: true),
                ParquetColumn("mark_price", .double, isOptional: true),
            ]
        )
    }

    mutating func append(_ open: OpenInterest, label: Int64?) {
        common.append(exchangeTime: open.exchangeTime, receiveTime: open.receiveTime, label: label)
        interest.append(open.openInterest.doubleValue)
        value.append(open.value?.doubleValue)
        mark.append(open.markPrice?.doubleValue)
    }

    var columns: [ColumnRows] {
        common.columns([.each(ColumnVector(interest)), value.rows, mark.rows])
    }
}
