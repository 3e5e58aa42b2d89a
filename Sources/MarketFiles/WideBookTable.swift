import MarketModel
import Parquet

/// A book on its way to a file.
struct BookRow {
    var exchangeTime: Int64?
    var receiveTime: Int64
    /// Best first.
    var bids: [PriceLevel]
    /// Best first.
    var asks: [PriceLevel]
}

/// Books in the wide layout: a row a book, four columns a level.
struct WideBookTable: EventTable {
    static let type = MarketDataType.orderbooks
    private var common: EventColumns
    /// Bid price, ask price, bid size, ask size of level 0, then those of level 1 and so on.
    private var cells: [OptionalColumn<Double>]
    private let depth: Int

    init(_ context: TableContext) {
        common = EventColumns(context)
        depth = context.depth
        cells = (0..<(4 * depth)).map { _ in OptionalColumn<Double>() }
    }

    var count: Int { common.count }

    var schema: ParquetSchema {
        let own = (0..<depth).flatMap { place in
            WideBookTable.names(of: place).map { ParquetColumn($0, .double, isOptional: true) }
        }
        return common.schema(eventTimeIsOptional: true, own)
    }

    /// The four columns of a level.
    static func names(of place: Int) -> [String] {
        let number = (place < 10 ? "0" : "") + String(place)
        return ["bid_px_", "ask_px_", "bid_sz_", "ask_sz_"].map { $0 + number }
    }

    mutating func append(_ row: BookRow, label: Int64?) {
        common.append(exchangeTime: row.exchangeTime, receiveTime: row.receiveTime, label: label)
        for place in 0..<depth {
            let bid = place < row.bids.count ? row.bids[place] : nil
            let ask = place < row.asks.count ? row.asks[place] : nil
            cells[4 * place].append(bid?.price.doubleValue)
            cells[4 * place + 1].append(ask?.price.doubleValue)
            cells[4 * place + 2].append(bid?.size.doubleValue)
            cells[4 * place + 3].append(ask?.size.doubleValue)
        }
    }

    mutating func take() -> [ColumnVector] {
        var own: [ColumnVector] = []
        for place in cells.indices { own.append(cells[place].take()) }
        return common.take(own)
    }
}
