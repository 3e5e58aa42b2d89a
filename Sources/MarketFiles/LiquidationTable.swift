import MarketModel
import Parquet

/// Liquidations: side (of the forced order), price, amount.
struct LiquidationTable: EventTable {
    static let type = MarketDataType.liquidations
    private var common: EventColumns
    private var side = TextColumn()
    private var price: [Double] = []
    private var amount: [Double] = []

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [.string("side"), ParquetColumn("price", .double), ParquetColumn("amount", .double)]
        )
    }

    mutating func append(_ liquidation: Liquidation, label: Int64?) {
        common.append(
            exchangeTime: liquidation.exchangeTime,
            receiveTime: liquidation.receiveTime,
            label: label
        )
        side.append(liquidation.side.description)
        price.append(liquidation.price.doubleValue)
        amount.append(liquidation.size.doubleValue)
    }

    var columns: [ColumnRows] {
        common.columns([side.rows, .each(ColumnVector(price)), .each(ColumnVector(amount))])
    }
}
