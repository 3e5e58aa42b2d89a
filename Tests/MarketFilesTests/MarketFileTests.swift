import Features
import Foundation
import MarketModel
import Parquet
import Synchronizer
import Testing

@testable import MarketFiles

/// What is written is read back: here, and by pyarrow, DuckDB and polars.
struct MarketFileTests {
    static let layouts: [MarketFileOptions] = BookLayout.allCases.flatMap { books in
        FolderLayout.allCases.map { MarketFileOptions(depth: 5, books: books, folders: $0) }
    }

    private func records<Record: MarketRecord>(_ paths: [String], _ stage: String) throws -> [Record] {
        var records: [Record] = []
        for path in paths where MarketFolderScan.type(of: path) == Record.dataType && path.contains(stage) {
            // Few rows per batch, so that books cross batches.
            let reader = try MarketFileReader<Record>(path: path, batchRows: 4)
            while let more = try reader.next() { records += more }
        }
        return records
    }

    @Test(arguments: 0..<layouts.count)
    func `every data type is read back in every layout`(_ layout: Int) throws {
        let scratch = try Scratch()
        let (paths, aggregates) = try SampleRows.write(20, to: scratch.path, MarketFileTests.layouts[layout])
        let found: [AggregateRecord] = try records(paths, "_sync_")
        #expect(found.map(\.ts) == aggregates.map(\.ts))
        #expect(
            found.map(\.scalars) == aggregates.map { row in MarketAggregate.Scalar.allCases.map { row[$0] } }
        )
        #expect(found.allSatisfy { $0.instrument == SampleRows.instrument && $0.observedTrades })
        let books: [BookRecord] = try records(paths, "_sync_")
        #expect(books.map { $0.bids.count } == Array(repeating: 3, count: 20))
        #expect(books.map { $0.asks.count } == (0..<20).map { $0.isMultiple(of: 3) ? 0 : 2 })
        #expect(books.map(\.head.ts) == aggregates.map(\.ts))
        #expect(books[0].head.tsEvent == nil && books[1].head.tsEvent == aggregates[1].ts - 60)
        #expect(books[1].bids[0] == BookRecord.Level(price: 99.5, size: 1.25))
        let trades: [TradeRecord] = try records(paths, "_sync_")
        #expect(trades.map(\.id) == (0..<20).map { $0 % 3 == 1 ? nil : "t\($0 % 3)" })
        #expect(trades.map(\.head.ts) == aggregates.map(\.ts))
        let raw: [TradeRecord] = try records(paths, "_raw_")
        #expect(raw.count == 20 && raw.allSatisfy { $0.head.ts == nil })
        let liquidations: [LiquidationRecord] = try records(paths, "_sync_")
        #expect(liquidations.allSatisfy { $0.side == .sell && $0.price == 99.5 && $0.amount == 3 })
        let fundings: [FundingRecord] = try records(paths, "_sync_")
        #expect(fundings[0].nextFundingTs == nil && fundings[1].fundingRate == 0.0001)
        let interests: [OpenInterestRecord] = try records(paths, "_sync_")
        #expect(interests.allSatisfy { $0.openInterest == 5000 && $0.value == nil && $0.markPrice == 100.25 })
    }

    @Test(
        .enabled(
            if: PythonReader.isPresent,
            "ATELIER_PYTHON names no Python with pyarrow, DuckDB and polars"
        ),
        arguments: 0..<layouts.count
    )
    func `pyarrow, DuckDB and polars read the same values`(_ layout: Int) throws {
        let scratch = try Scratch()
        let options = MarketFileTests.layouts[layout]
        let (paths, aggregates) = try SampleRows.write(20, to: scratch.path, options)
        let files = try PythonReader.read(paths)
        #expect(files.count == paths.count)
        var (ts, mids): ([Int64], [Double?]) = ([], [])
        for path in paths where path.contains("_agg_sync_") {
            let columns = try #require(files[path])
            #expect((columns["exchange"] == nil) == (options.folders == .hive))
            ts += (columns["ts"] ?? []).compactMap { ($0 as? NSNumber)?.int64Value }
            mids += (columns["ob_mid_price"] ?? []).map { ($0 as? NSNumber)?.doubleValue }
        }
        #expect(ts == aggregates.map(\.ts))
        #expect(mids == aggregates.map { $0[.midPrice] })
    }

    @Test func `files are named by symbol, type, stage and earliest time; a taken name gets a number`() throws
    {
        let scratch = try Scratch()
        for _ in 0..<3 { _ = try SampleRows.write(2, to: scratch.path, MarketFileOptions(depth: 5)) }
        let aggregates = scratch.contents.filter { $0.hasPrefix("aggregates/") }
        let name = "aggregates/BTC-USD_agg_sync_20260301_235959.900"
        #expect(aggregates == ["\(name)-1.parquet", "\(name)-2.parquet", "\(name).parquet"])
        #expect(scratch.contents.contains("raw/trades/BTC-USD_trades_raw_20260301_235959.899.parquet"))
    }

    @Test(arguments: FolderLayout.allCases)
    func `each folder holds files of one stage`(_ folders: FolderLayout) throws {
        let scratch = try Scratch()
        let options = MarketFileOptions(depth: 5, folders: folders)
        let paths = try SampleRows.write(2, to: scratch.path, options).paths
        let raw = paths.filter { $0.contains("_raw_") }
        #expect(!raw.isEmpty && raw.count < paths.count)
        #expect(paths.allSatisfy { $0.hasPrefix(scratch.path + "/raw/") == $0.contains("_raw_") })
        let scan = try MarketFolderScan(scratch.path)
        #expect(scan.others.isEmpty && Set(scan.entries.map(\.path)) == Set(paths))
        for entry in scan.entries { #expect(entry.path.contains("_\(entry.type.tag)_")) }
    }

    @Test func `in the Hive layout a file holds one UTC day`() throws {
        let scratch = try Scratch()
        let options = MarketFileOptions(depth: 5, folders: .hive)
        _ = try SampleRows.write(2, to: scratch.path, options)
        let folder = "aggregates/exchange=kraken/market=spot/symbol=BTC%2FUSD/"
        let files = scratch.contents.filter { $0.hasPrefix("aggregates/") && $0.hasSuffix(".parquet") }
        #expect(files.count == 2)
        #expect(files[0].hasPrefix(folder + "date=2026-03-01/"))
        #expect(files[1].hasPrefix(folder + "date=2026-03-02/"))
    }

    @Test(arguments: ["../../etc/passwd", ".hidden", "a b\u{0}c", "é", String(repeating: "/", count: 4000)])
    func `a hostile symbol stays inside the folder and comes back`(_ symbol: String) throws {
        let scratch = try Scratch()
        let instrument = Instrument(exchange: "bybit", market: .linear, symbol: symbol)
        for folders in FolderLayout.allCases {
            let options = MarketFileOptions(depth: 5, folders: folders)
            let (paths, _) = try SampleRows.write(1, to: scratch.path, options, of: instrument)
            #expect(
                paths.allSatisfy { $0.hasPrefix(scratch.path) && !$0.split(separator: "/").contains("..") }
            )
            // Shortened names cannot hold the symbol; columns can.
            guard folders == .flat || symbol.utf8.count < 100 else { continue }
            let found: [TradeRecord] = try records(paths, "_raw_")
            #expect(found.map(\.head.instrument) == [instrument])
        }
    }

    @Test func `giving up leaves nothing`() throws {
        let scratch = try Scratch()
        let writer = MarketFileWriter(
            root: scratch.path + "/rows",
            options: MarketFileOptions(folders: .hive)
        )
        for index in 0..<3 {
            let row = SampleRows.snapshot(index)
            let aggregate = MarketAggregate(instrument: row.instrument, ts: row.ts, tsAvailable: row.ts)
            try writer.write(row, aggregate, of: SampleRows.instrument)
        }
        #expect(!scratch.contents.isEmpty)
        writer.discard()
        #expect(scratch.contents.isEmpty)
    }
}

/// Python with pyarrow, DuckDB and polars, if `ATELIER_PYTHON` names one.
enum PythonReader {
    private static let path = ProcessInfo.processInfo.environment["ATELIER_PYTHON"]
    static var isPresent: Bool { path != nil }

    /// The columns of each file, after the three have agreed on them.
    static func read(_ files: [String]) throws -> [String: [String: [Any]]] {
        let process = Process()
        process.executableURL = URL(filePath: path ?? "/usr/bin/false")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "read_back.py")
        process.arguments = [script.path()] + files
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try JSONSerialization.jsonObject(with: text) as? [String: [String: [Any]]] ?? [:]
    }
}
