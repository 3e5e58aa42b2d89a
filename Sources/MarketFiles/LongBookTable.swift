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
        Self.append(levels, to: &price) { $0.price }
        Self.append(levels, to: &size) { $0.size }
    }

    /// Most of a row's numbers pass here: they are made in one loop and appended at once.
    @inline(__always)
    private static func append(
        _ levels: [PriceLevel],
        to column: inout [Double],
        _ number: (PriceLevel) -> FixedDecimal
    ) {
        let needed = column.count + levels.count
        // Doubled, the memory of a full table would be half empty.
        if needed > column.capacity { column.reserveCapacity(needed + needed / 4) }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: levels.count) { room in
            // Safe: the room has an element a level.
            for index in levels.indices { room[index] = number(levels[index]).doubleValue }
            column.append(contentsOf: UnsafeBufferPointer(room))
        }
    }

    var columns: [ColumnRows] {
        common.columns([
            side.rows, .each(ColumnVector(index)), .each(ColumnVector(price)), .each(ColumnVector(size)),
        ])
    }
}
