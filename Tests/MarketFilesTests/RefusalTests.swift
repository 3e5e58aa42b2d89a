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
        let index = try #require(columns.firstIndex { $0.0.name == "price" })
        columns[index] = (ParquetColumn("price", .int64), ColumnVector([Int64(1), 2]))
        let text = try refusal(TradeRecord.self, columns)
        #expect(text.contains("column price: found INT64, expected DOUBLE"))
    }

    @Test func `a column of which there are two is refused`() throws {
        let columns = Self.trades() + [(ParquetColumn("Price", .double), ColumnVector([5.0, 6]))]
        #expect(try refusal(TradeRecord.self, columns) == "none")
        // The writer refuses two columns of one name: the second gets its name in the file's bytes.
        let scratch = try Scratch()
        let path = scratch.path + "/trades.parquet"
        try write(columns, path)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let (from, to) = (Array("Price".utf8), Array("price".utf8))
        for index in 0..<bytes.count - 5 where Array(bytes[index..<index + 5]) == from {
            bytes.replaceSubrange(index..<index + 5, with: to)
        }
        try Data(bytes).write(to: URL(filePath: path))
        #expect(refusal(TradeRecord.self, at: path).contains("trades need one column, not 2, named price"))
    }

    /// The receive times of trades whose column of that name is another.
    private func times(_ column: ParquetColumn, _ vector: ColumnVector) throws -> [Int64] {
        let scratch = try Scratch()
        var columns = Self.trades()
        let index = try #require(columns.firstIndex { $0.0.name == "ts_recv" })
        columns[index] = (column, vector)
        let path = scratch.path + "/trades.parquet"
        try write(columns, path)
        let reader = try MarketFileReader<TradeRecord>(path: path)
        var times: [Int64] = []
        while let records = try reader.next() { times += records.map(\.head.tsRecv) }
        return times
    }

    @Test(arguments: [
        (TimeUnit.milliseconds, Int64(1_000_000)), (.microseconds, 1000), (.nanoseconds, 1),
    ])
    func `times are read in the unit of their column`(_ unit: TimeUnit, _ factor: Int64) throws {
        for isUTC in [true, false] {
            let type = LogicalType.timestamp(unit: unit, isUTC: isUTC)
            let column = ParquetColumn("ts_recv", .int64, logicalType: type)
            #expect(
                try times(column, ColumnVector([Int64(-3), 1_772_452_801])) == [
                    -3 * factor, 1_772_452_801 * factor,
                ]
            )
            guard factor > 1 else { continue }
            let error = #expect(throws: MarketFileError.self) {
                try times(column, ColumnVector([0, Int64.max / factor + 1]))
            }
            #expect(error?.description.contains("row 1, column ts_recv: found") == true)
            #expect(error?.description.contains("a time from 1677 to 2262") == true)
        }
    }

    @Test func `times of other types are converted or refused`() throws {
        let unsigned = ParquetColumn("ts_recv", .int64, logicalType: .integer(bits: 64, isSigned: false))
        #expect(try times(unsigned, ColumnVector([Int64(5), .max])) == [5, .max])
        #expect(throws: MarketFileError.self) { try times(unsigned, ColumnVector([Int64(5), -1])) }
        let clock = ParquetColumn("ts_recv", .int64, logicalType: .time(unit: .microseconds, isUTC: true))
        let decimal = ParquetColumn("ts_recv", .int64, logicalType: .decimal(precision: 18, scale: 3))
        for column in [clock, decimal] {
            let error = #expect(throws: MarketFileError.self) {
                try times(column, ColumnVector([Int64(1), 2]))
            }
            #expect(error?.description.contains("column ts_recv: found INT64 ") == true)
        }
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

    @Test func `a wide book with a level behind a missing one is refused`() throws {
        let columns =
            Self.identity
            + [
                "bid_px_00", "ask_px_00", "bid_sz_00", "ask_sz_00", "bid_px_01", "ask_px_01", "bid_sz_01",
                "ask_sz_01",
            ]
            .map { name in
                let values: [Double?] = name.hasPrefix("ask") && name.hasSuffix("00") ? [1, nil] : [1, 2]
                return (ParquetColumn(name, .double, isOptional: true), ColumnVector(values))
            }
        let text = try refusal(BookRecord.self, columns)
        #expect(text.contains("row 1, column ask_px_01: found a level behind a missing one"))
    }

    /// Every column of every file that is written here, left out or of another type.
    @Test(arguments: 0..<MarketFileTests.layouts.count)
    func `a file of any type whose schema is not its own is refused by the name of the column`(
        _ layout: Int
    ) throws {
        let scratch = try Scratch()
        let (paths, _) = try SampleRows.write(4, to: scratch.path, MarketFileTests.layouts[layout])
        var types: Set<MarketDataType> = []
        for path in paths {
            let type = try #require(MarketFolderScan.type(of: path))
            types.insert(type)
            let reader = try ParquetReader(path: path)
            let (columns, rows) = (reader.schema.columns, try reader.readAll())
            // Labels make a file a labelled one; the names of level columns show the depth of books.
            for index in columns.indices where columns[index].name != "ts" || type == .aggregates {
                let name = columns[index].name
                let isLevel = name.contains("_px_") || name.contains("_sz_")
                let isIdentity = name == "market" || name == "symbol"
                let other = path.replacing(".parquet", with: "-other.parquet")
                var pairs = Array(zip(columns, rows))
                pairs[index].0 = ParquetColumn(name, .float, isOptional: true)
                pairs[index].1 = ColumnVector([Float](repeating: 1, count: rows[index].count))
                try write(pairs, other)
                let mistyped = try refusal(of: other, type)
                #expect(mistyped.contains("column \(name): found FLOAT, expected "), "\(name): \(mistyped)")
                try FileManager.default.removeItem(atPath: other)
                pairs.remove(at: index)
                try write(pairs, other)
                let missing = try refusal(of: other, type)
                if !isLevel || !name.hasPrefix("bid_px_") {
                    #expect(missing.contains("need a column \(name)"), "\(name): \(missing)")
                }
                if isIdentity { #expect(missing.contains("need a column"), "\(name): \(missing)") }
                try FileManager.default.removeItem(atPath: other)
            }
        }
        #expect(types.count == MarketDataType.allCases.count)
    }

    private func write(_ columns: [(ParquetColumn, ColumnVector)], _ path: String) throws {
        let writer = try ParquetWriter(path: path, schema: ParquetSchema(columns.map(\.0)))
        try writer.append(columns.map(\.1))
        try writer.finish()
    }

    private func refusal(of path: String, _ type: MarketDataType) throws -> String {
        switch type {
        case .trades: refusal(TradeRecord.self, at: path)
        case .liquidations: refusal(LiquidationRecord.self, at: path)
        case .fundings: refusal(FundingRecord.self, at: path)
        case .openInterests: refusal(OpenInterestRecord.self, at: path)
        case .orderbooks: refusal(BookRecord.self, at: path)
        case .aggregates: refusal(AggregateRecord.self, at: path)
        }
    }

    private func refusal<Record: MarketRecord>(_: Record.Type, at path: String) -> String {
        do {
            let reader = try MarketFileReader<Record>(path: path)
            while try reader.next() != nil {}
            return "none"
        } catch {
            return "\(error)"
        }
    }
}
