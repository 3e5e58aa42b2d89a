import MarketModel
import OrderBooks
import Parquet

/// Books in the wide layout: a row a book, four columns a level.
///
/// Stored row by row, so that adding one is a single write; columns are made batch by batch.
struct WideBookTable: EventTable {
    static let type = MarketDataType.orderbooks
    private var common: EventColumns
    /// Rows in sequence: bid prices, ask prices, bid sizes, ask sizes, `depth` of each.
    private var cells: [Double] = []
    private var bidCounts: [Int32] = []
    private var askCounts: [Int32] = []
    private let depth: Int

    init(_ context: TableContext) {
        common = EventColumns(context)
        depth = context.depth
    }

    var count: Int { common.count }

    var schema: ParquetSchema {
        let own = (0..<depth).flatMap { index in
            WideBookTable.names(of: index).map { ParquetColumn($0, .double, isOptional: true) }
        }
        return common.schema(eventTimeIsOptional: true, own)
    }

    /// The four columns of a level.
    static func names(of index: Int) -> [String] {
        let number = (index < 10 ? "0" : "") + String(index)
        return ["bid_px_", "ask_px_", "bid_sz_", "ask_sz_"].map { $0 + number }
    }

    mutating func append(_ row: BookRow, label: Int64?) {
        common.append(exchangeTime: row.exchangeTime, receiveTime: row.receiveTime, label: label)
        append(row.bids) { $0.price.doubleValue }
        append(row.asks) { $0.price.doubleValue }
        append(row.bids) { $0.size.doubleValue }
        append(row.asks) { $0.size.doubleValue }
        bidCounts.append(Int32(clamping: row.bids.count))
        askCounts.append(Int32(clamping: row.asks.count))
    }

    @inline(__always)
    private mutating func append(_ levels: [PriceLevel], _ number: (PriceLevel) -> Double) {
        let known = levels.prefix(depth)
        for level in known { cells.append(number(level)) }
        cells.append(contentsOf: repeatElement(0, count: depth - known.count))
    }

    var columns: [ColumnRows] {
        var own: [ColumnRows] = []
        own.reserveCapacity(4 * depth)
        let fewest = (bidCounts.min() ?? 0, askCounts.min() ?? 0)
        for index in 0..<depth {
            let bids = index < fewest.0 ? nil : bidCounts.map { index < $0 }
            let asks = index < fewest.1 ? nil : askCounts.map { index < $0 }
            own.append(column(index, bids))
            own.append(column(depth + index, asks))
            own.append(column(2 * depth + index, bids))
            own.append(column(3 * depth + index, asks))
        }
        return common.columns(own)
    }

    /// The cells at one index of each row.
    private func column(_ index: Int, _ validity: [Bool]?) -> ColumnRows {
        let values = [Double](unsafeUninitializedCapacity: count) { room, initialized in
            cells.withUnsafeBufferPointer { cells in
                // Safe: every row has four times `depth` cells.
                for row in 0..<count { room[row] = cells[row * 4 * depth + index] }
            }
            initialized = count
        }
        return .each(ColumnVector(values, validity: validity))
    }
}
