import MarketModel
import Parquet

/// A level of a book on its way to a file.
struct BookLevelRow {
    var exchangeTime: Int64?
    var receiveTime: Int64
    var isBid: Bool
    /// 0 = best.
    var place: Int
    var level: PriceLevel
}

/// Books in the long layout: side, level (0 = best), price, size.
struct LongBookTable: EventTable {
    static let type = MarketDataType.orderbooks
    private var common: EventColumns
    private var side = ByteArrays()
    private var place: [Int32] = []
    private var price: [Double] = []
    private var size: [Double] = []

    init(_ instrument: Instrument, _ stage: MarketFileStage) { common = EventColumns(instrument, stage) }

    var count: Int { common.count }

    static func schema(_ stage: MarketFileStage) -> ParquetSchema {
        EventColumns.schema(
            stage,
            eventTimeIsOptional: true,
            [
                .string("side"), ParquetColumn("level", .int32), ParquetColumn("price", .double),
                ParquetColumn("size", .double),
            ]
        )
    }

    mutating func append(_ row: BookLevelRow, label: Int64?) {
        common.append(exchangeTime: row.exchangeTime, receiveTime: row.receiveTime, label: label)
        side.append(row.isBid ? "bid" : "ask")
        place.append(Int32(clamping: row.place))
        price.append(row.level.price.doubleValue)
        size.append(row.level.size.doubleValue)
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
