import MarketModel
import Parquet

extension BookRecord: ReadableRecord {
    /// Order books.
    public static var dataType: MarketDataType { .orderbooks }

    static func rules(_ schema: ParquetSchema) -> [ColumnRule] {
        let depth = wideDepth(schema)
        if depth > 0 {
            return headRules
                + (0..<depth).flatMap { WideBookTable.names(of: $0) }.map {
                    ColumnRule(name: $0, type: .double)
                }
        }
        return headRules + [
            ColumnRule(name: "side", type: .byteArray), ColumnRule(name: "level", type: .int32),
            ColumnRule(name: "price", type: .double), ColumnRule(name: "size", type: .double),
        ]
    }

    /// Levels a side of the wide layout; 0 in the long one.
    private static func wideDepth(_ schema: ParquetSchema) -> Int {
        let prices = schema.columns.filter { $0.name.hasPrefix("bid_px_") }
        return prices.count
    }

    static func append(
        _ table: RowTable,
        _ identity: IdentityReader,
        to records: inout [BookRecord]
    ) throws(MarketFileError) {
        let heads = try HeadReader(table, identity)
        if table.hasColumn("side") {
            try appendLong(table, heads, to: &records)
        } else {
            try appendWide(table, heads, to: &records)
        }
    }

    // MARK: - Long

    private static func appendLong(
        _ table: RowTable,
        _ heads: HeadReader,
        to records: inout [BookRecord]
    ) throws(MarketFileError) {
        let (indexes, prices, sizes) = (
            table.integers("level"), table.doubles("price"), table.doubles("size")
        )
        for row in 0..<table.count {
            let head = try heads.head(row)
            let isBid = try table.choice("side", at: row, of: [("bid", true), ("ask", false)])
            let index = try table.required(indexes, at: row)
            let level = Level(
                price: try table.number(prices, at: row, least: 0),
                size: try table.number(sizes, at: row, least: 0)
            )
            let isNew =
                isBid && index == 0 || records.last.map { $0.head != head } ?? true
                || (!isBid && index == 0 && records.last?.asks.isEmpty == false)
            if isNew { records.append(BookRecord(head: head, bids: [], asks: [])) }
            let last = records.count - 1
            let expected = isBid ? records[last].bids.count : records[last].asks.count
            guard index == Int64(expected) else {
                throw table.bad(row, "level", found: "\(index)", expected: "\(expected)")
            }
            if isBid { records[last].bids.append(level) } else { records[last].asks.append(level) }
        }
    }

    // MARK: - Wide

    private static func appendWide(
        _ table: RowTable,
        _ heads: HeadReader,
        to records: inout [BookRecord]
    ) throws(MarketFileError) {
        var columns: [[NumberColumn<Double>]] = []
        while table.hasColumn(WideBookTable.names(of: columns.count)[0]) {
            columns.append(WideBookTable.names(of: columns.count).map { table.doubles($0) })
        }
        for row in 0..<table.count {
            var record = BookRecord(head: try heads.head(row), bids: [], asks: [])
            for (index, cells) in columns.enumerated() {
                if let level = try level(table, row, cells[0], cells[2]) {
                    guard record.bids.count == index else { throw missing(table, row, cells[0]) }
                    record.bids.append(level)
                }
                if let level = try level(table, row, cells[1], cells[3]) {
                    guard record.asks.count == index else { throw missing(table, row, cells[1]) }
                    record.asks.append(level)
                }
            }
            records.append(record)
        }
    }

    private static func missing(
        _ table: RowTable,
        _ row: Int,
        _ column: NumberColumn<Double>
    ) -> MarketFileError {
        table.bad(row, column.name, found: "a level behind a missing one", expected: "levels from 0 on")
    }

    private static func level(
        _ table: RowTable,
        _ row: Int,
        _ price: NumberColumn<Double>,
        _ size: NumberColumn<Double>
    ) throws(MarketFileError) -> Level? {
        if price[row] == nil, size[row] == nil { return nil }
        return Level(
            price: try table.number(price, at: row, least: 0),
            size: try table.number(size, at: row, least: 0)
        )
    }
}
