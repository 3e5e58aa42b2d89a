import MarketModel
import OrderBooks
import Parquet

/// Books in the long layout: side, level (0 = best), price, size.
struct LongBookTable: EventTable {
    static let type = MarketDataType.orderbooks
    private var common: EventColumns
    private var side = TextColumn()
    private var index: [Int32] = []
    private var price: [Double] = []
    private var size: [Double] = []

    init(_ context: TableContext) { common = EventColumns(context) }

    var count: Int { common.count }

    var schema: ParquetSchema {
        common.schema(
            eventTimeIsOptional: true,
            [
                .string("side"), ParquetColumn("level", .int32), ParquetColumn("price", .double),
                ParquetColumn("size", .double),
            ]
        )
    }

    mutating func append(_ row: BookRow, label: Int64?) {
        common.append(
            exchangeTime: row.exchangeTime,
            receiveTime: row.receiveTime,
            label: label,
            rows: row.bids.count + row.asks.count
        )
        append(row.bids, "bid")
        append(row.asks, "ask")
    }

    private mutating func append(_ levels: [PriceLevel], _ name: String) {
        side.append(name, rows: levels.count)
        index.append(contentsOf: 0..<Int32(clamping: levels.count))
        price.append(contentsOf: levels.lazy.map { $0.price.doubleValue })
        size.append(contentsOf: levels.lazy.map { $0.size.doubleValue })
    }

    var columns: [ColumnRows] {
        common.columns([
            side.rows, .each(ColumnVector(index)), .each(ColumnVector(price)), .each(ColumnVector(size)),
        ])
    }

    mutating func removeAll() {
        common.removeAll()
        side.removeAll()
        index.removeAll(keepingCapacity: true)
        price.removeAll(keepingCapacity: true)
        size.removeAll(keepingCapacity: true)
    }
}
