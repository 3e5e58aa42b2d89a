import MarketModel
import Parquet

/// Books in the long layout: side, level (0 = best), price, size.
struct LongBookTable: EventTable {
    static let type = MarketDataType.orderbooks
    private var common: EventColumns
    private var side = ByteArrays()
    private var place: [Int32] = []
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
        append(row.bids, "bid", of: row, label)
        append(row.asks, "ask", of: row, label)
    }

    private mutating func append(_ levels: [PriceLevel], _ name: String, of row: BookRow, _ label: Int64?) {
        for (rank, level) in levels.enumerated() {
            common.append(exchangeTime: row.exchangeTime, receiveTime: row.receiveTime, label: label)
            side.append(name)
            place.append(Int32(clamping: rank))
            price.append(level.price.doubleValue)
            size.append(level.size.doubleValue)
        }
    }

    mutating func take() -> [ColumnVector] {
        defer {
            side.removeAll()
            place.removeAll(keepingCapacity: true)
            price.removeAll(keepingCapacity: true)
            size.removeAll(keepingCapacity: true)
        }
        return common.take([
            ColumnVector(.bytes(side)), ColumnVector(place), ColumnVector(price), ColumnVector(size),
        ])
    }
}
