import MarketModel
import Parquet

/// Trades: side (taker), price, amount, id.
struct TradeTable: EventTable {
    static let type = MarketDataType.trades
    private var common: EventColumns
    private var side = TextColumn()
    private var price: [Double] = []
    private var amount: [Double] = []
    private var id = ByteArrays()
    private var hasID: [Bool] = []

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            [
                .string("side"), ParquetColumn("price", .double), ParquetColumn("amount", .double),
                .string("id", isOptional: true),
            ]
        )
    }

    mutating func append(_ trade: Trade, label: Int64?) {
        common.append(exchangeTime: trade.exchangeTime, receiveTime: trade.receiveTime, label: label)
        side.append(trade.side.description)
        price.append(trade.price.doubleValue)
        amount.append(trade.size.doubleValue)
        id.append(trade.id.isEmpty ? "" : trade.id.description)
        hasID.append(!trade.id.isEmpty)
    }

    var columns: [ColumnRows] {
        common.columns([
            side.rows, .each(ColumnVector(price)), .each(ColumnVector(amount)),
            .each(ColumnVector(.bytes(id), validity: hasID)),
        ])
    }
}
