import Foundation
import MarketFiles
import Parquet
import Testing

/// Files whose columns or values are not those of the data type are refused, by row and column.
struct RefusalTests {
    private func refusal<Record: MarketRecord>(
        _: Record.Type,
        _ columns: [(ParquetColumn, ColumnVector)]
    ) throws -> String {
        let scratch = try Scratch()
        let path = scratch.path + "/file.parquet"
        let writer = try ParquetWriter(path: path, schema: ParquetSchema(columns.map(\.0)))
        try writer.append(columns.map(\.1))
        try writer.finish(keyValues: [])
        do {
            let reader = try MarketFileReader<Record>(path: path)
            while try reader.next() != nil {}
            return "none"
        } catch {
            return "\(error)"
        }
    }

    private static let identity: [(ParquetColumn, ColumnVector)] = [
        (ParquetColumn("ts_event", .int64), ColumnVector([Int64(1), 2])),
        (ParquetColumn("ts_recv", .int64), ColumnVector([Int64(1), 2])),
        (.string("exchange"), ColumnVector(["bybit", "bybit"])),
        (.string("market"), ColumnVector(["linear", "linear"])),
        (.string("symbol"), ColumnVector(["BTCUSDT", "BTCUSDT"])),
    ]

    private static func trades(
        side: [String] = ["buy", "sell"],
        price: [Double?] = [1, 2]
    ) -> [(ParquetColumn, ColumnVector)] {
        identity + [
            (.string("side"), ColumnVector(side)),
            (ParquetColumn("price", .double, isOptional: true), ColumnVector(price)),
            (ParquetColumn("amount", .double), ColumnVector([1.0, 2])),
            (.string("id"), ColumnVector(["a", "b"])),
        ]
    }

    @Test func `sound trades are read`() throws {
        #expect(try refusal(TradeRecord.self, Self.trades()) == "none")
    }

    @Test func `an unknown side is refused`() throws {
        let text = try refusal(TradeRecord.self, Self.trades(side: ["buy", "long"]))
        #expect(text.contains("row 1, column side: found long, expected buy or sell"))
    }

    @Test(arguments: [nil, -1, Double.nan, Double.infinity])
    func `a price that is none is refused`(_ price: Double?) throws {
        let text = try refusal(TradeRecord.self, Self.trades(price: [price, 2]))
        #expect(text.contains("row 0, column price"))
    }

    @Test(arguments: ["side", "amount", "id", "ts_recv", "symbol"])
    func `a missing column is refused`(_ name: String) throws {
        let text = try refusal(TradeRecord.self, Self.trades().filter { $0.0.name != name })
        #expect(text.contains("trades need a column \(name)"))
    }

    @Test func `a column of another type is refused`() throws {
        var columns = Self.trades()
        let place = try #require(columns.firstIndex { $0.0.name == "price" })
        columns[place] = (ParquetColumn("price", .int64), ColumnVector([Int64(1), 2]))
        let text = try refusal(TradeRecord.self, columns)
        #expect(text.contains("column price: found INT64, expected DOUBLE"))
    }

    @Test func `a book that misses a level is refused`() throws {
        let columns =
            Self.identity + [
                (.string("side"), ColumnVector(["bid", "bid"])),
                (ParquetColumn("level", .int32), ColumnVector([Int32(0), 2])),
                (ParquetColumn("price", .double), ColumnVector([1.0, 2])),
                (ParquetColumn("size", .double), ColumnVector([1.0, 2])),
            ]
        var same = columns
        same[0].1 = ColumnVector([Int64(1), 1])
        same[1].1 = ColumnVector([Int64(1), 1])
        let text = try refusal(BookRecord.self, same)
        #expect(text.contains("row 1, column level: found 2, expected 1"))
    }
}
