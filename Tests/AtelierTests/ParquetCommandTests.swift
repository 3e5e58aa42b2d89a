import Foundation
import Parquet
import Testing

/// `info` and `cat` on Parquet files.
struct ParquetCommandTests {
    /// A file with a column of each kind and three rows, the last one null if possible.
    private static func makeKinds(_ scratch: Scratch) throws -> String {
        let valid = [true, true, false]
        var halves = FixedByteArrays(width: 2)
        for bits in [[0x00, 0x3E], [0x00, 0x7C], [0, 0]] as [[UInt8]] { halves.append(bits) }
        var wide = FixedByteArrays(width: 16)
        wide.append([UInt8](repeating: 0xFF, count: 16))
        wide.append([
            0x4B, 0x3B, 0x4C, 0xA8, 0x5A, 0x86, 0xC4, 0x7A, 0x09, 0x8A, 0x22, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF,
        ])
        wide.append([])
        var bytes = ByteArrays()
        for value in [Array("Zürich \"1\"\n".utf8), [0xFF, 0xFE, 0x00], []] { bytes.append(value) }
        let columns: [(ParquetColumn, ColumnVector)] = [
            (ParquetColumn("flag", .boolean), ColumnVector([true, false, true])),
            (ParquetColumn("i32", .int32), ColumnVector([Int32.min, 0, Int32.max])),
            (ParquetColumn("i64", .int64), ColumnVector([Int64.min, 9_007_199_254_740_993, Int64.max])),
            (
                ParquetColumn(
                    "u64",
                    .int64,
                    logicalType: .integer(bits: 64, isSigned: false),
                    isOptional: true
                ),
                ColumnVector([Int64(-1), 0, 5], validity: valid)
            ),
            (ParquetColumn("f32", .float), ColumnVector([Float(0.1), .infinity, -0.0])),
            (ParquetColumn("f64", .double), ColumnVector([Double.nan, -.infinity, .leastNonzeroMagnitude])),
            (
                ParquetColumn("f16", .fixedLengthByteArray, typeLength: 2, logicalType: .float16),
                ColumnVector(.fixed(halves))
            ),
            (.string("text", isOptional: true), ColumnVector(["", "a\tb\u{1}", nil])),
            (
                ParquetColumn("bytes", .byteArray, isOptional: true),
                ColumnVector(.bytes(bytes), validity: valid)
            ),
            (.timestamp("when"), ColumnVector([Int64(1_700_000_000_123_456_789), -1, 0])),
            (ParquetColumn("day", .int32, logicalType: .date), ColumnVector([Int32(20_000), -1, 0])),
            (
                ParquetColumn("price", .int64, logicalType: .decimal(precision: 18, scale: 4)),
                ColumnVector([Int64(-1), 123_456_789_012_345_678, 0])
            ),
            (
                ParquetColumn(
                    "wide",
                    .fixedLengthByteArray,
                    typeLength: 16,
                    logicalType: .decimal(precision: 38, scale: 10),
                    isOptional: true
                ),
                ColumnVector(.fixed(wide), validity: valid)
            ),
        ]
        var options = ParquetWriterOptions()
        options.columns["i64"] = ColumnOptions(encoding: .deltaBinaryPacked, compression: .snappy)
        options.columns["f64"] = ColumnOptions(encoding: .plain, compression: .uncompressed)
        options.columns["text"] = ColumnOptions(encoding: .dictionary, compression: .gzip)
        let path = scratch.file("kinds.parquet")
        let writer = try ParquetWriter(
            path: path,
            schema: ParquetSchema(columns.map(\.0)),
            options: options
        )
        try writer.append(columns.map(\.1))
        try writer.finish(keyValues: [KeyValue("source", "a \"test\""), KeyValue("empty", nil)])
        return path
    }

    @Test func `info says what the footer says`() throws {
        let scratch = try Scratch()
        let run = try AtelierProcess(["info", try Self.makeKinds(scratch), "--json"], in: scratch)
        #expect(run.code == 0 && run.errors.isEmpty)
        let json = try run.json
        #expect(Set(json.keys) == ["format", "rows", "row_groups", "columns", "key_value", "created_by"])
        #expect(json["format"] as? String == "parquet")
        #expect(json["rows"] as? Int == 3 && json["row_groups"] as? Int == 1)
        #expect((json["created_by"] as? String)?.hasPrefix("atelier-data version ") == true)
        let pairs = try #require(json["key_value"] as? [String: Any])
        #expect(pairs["source"] as? String == "a \"test\"" && pairs["empty"] is NSNull && pairs.count == 2)
        let columns = try #require(json["columns"] as? [[String: Any]])
        let wanted = Set(["name", "physical_type", "logical_type", "nullable", "encodings", "compression"])
        #expect(columns.allSatisfy { Set($0.keys) == wanted })
        let facts = columns.map { column in
            [
                column["name"] as? String, column["physical_type"] as? String,
                column["logical_type"] as? String ?? "-", (column["nullable"] as? Bool)?.description,
                column["compression"] as? String,
            ].map { $0 ?? "?" }.joined(separator: " ")
        }
        #expect(
            facts == [
                "flag BOOLEAN - false ZSTD", "i32 INT32 - false ZSTD", "i64 INT64 - false SNAPPY",
                "u64 INT64 INTEGER(64,UNSIGNED) true ZSTD", "f32 FLOAT - false ZSTD",
                "f64 DOUBLE - false UNCOMPRESSED", "f16 FIXED_LEN_BYTE_ARRAY FLOAT16 false ZSTD",
                "text BYTE_ARRAY STRING true GZIP", "bytes BYTE_ARRAY - true ZSTD",
                "when INT64 TIMESTAMP(NANOS,UTC) false ZSTD", "day INT32 DATE false ZSTD",
                "price INT64 DECIMAL(18,4) false ZSTD",
                "wide FIXED_LEN_BYTE_ARRAY DECIMAL(38,10) true ZSTD",
            ]
        )
        #expect(columns[2]["encodings"] as? [String] == ["DELTA_BINARY_PACKED"])
        #expect(columns[5]["encodings"] as? [String] == ["PLAIN"])
        let text = try AtelierProcess(["info", "kinds.parquet"], in: scratch)
        #expect(text.code == 0 && text.output.contains("DECIMAL(38,10)"))
    }

    @Test func `cat prints each value as it is`() throws {
        let scratch = try Scratch()
        let run = try AtelierProcess(["cat", try Self.makeKinds(scratch), "--json"], in: scratch)
        #expect(run.code == 0 && run.errors.isEmpty)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                #"{"flag":true,"i32":-2147483648,"i64":-9223372036854775808,"u64":18446744073709551615,"#
                    + #""f32":0.10000000149011612,"f64":"NaN","f16":1.5,"text":"","bytes":"Zürich \"1\"\n","#
                    + #""when":1700000000123456789,"day":20000,"price":"-0.0001","wide":"-0.0000000001"}"#,
                #"{"flag":false,"i32":0,"i64":9007199254740993,"u64":0,"f32":"Infinity","f64":"-Infinity","#
                    + #""f16":"Infinity","text":"a\tb\u0001","bytes":{"base64":"//4A"},"when":-1,"day":-1,"#
                    + #""price":"12345678901234.5678","wide":"9999999999999999999999999999.9999999999"}"#,
                #"{"flag":true,"i32":2147483647,"i64":9223372036854775807,"u64":null,"f32":-0.0,"#
                    + #""f64":5e-324,"f16":0.0,"text":null,"bytes":null,"when":0,"day":0,"price":"0.0000","#
                    + #""wide":null}"#,
            ]
        )
        #expect(try run.lines.count == 3)
    }

    @Test func `cat prints the columns that are asked for, in that order`() throws {
        let scratch = try Scratch()
        let path = try Self.makeKinds(scratch)
        let some = try AtelierProcess(["cat", path, "--column", "day", "--column", "flag"], in: scratch)
        #expect(some.code == 0 && some.output == "day\tflag\n20000\ttrue\n-1\tfalse\n0\ttrue\n")
        let unknown = try AtelierProcess(["cat", path, "--column", "nothing"], in: scratch)
        #expect(unknown.code != 0 && unknown.output.isEmpty)
        #expect(unknown.errors.contains("there is no column nothing; the file has flag, i32"))
    }

    @Test func `a damaged page and a cut file are named, with the exit code for damage`() throws {
        let scratch = try Scratch()
        let path = try Self.makeKinds(scratch)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[30] ^= 0xFF
        try bytes.write(to: URL(filePath: scratch.file("flipped.parquet")))
        try bytes.prefix(200).write(to: URL(filePath: scratch.file("cut.parquet")))
        let flipped = try AtelierProcess(["cat", "flipped.parquet", "--json"], in: scratch)
        #expect(flipped.code == 3 && flipped.errors.contains("flipped.parquet: column flag"))
        let cut = try AtelierProcess(["info", "cut.parquet", "--json"], in: scratch)
        #expect(cut.code == 3 && cut.output.isEmpty && cut.errors.contains("not a Parquet file"))
    }

    /// The sums of a folder by instrument and type, as `stats` must count them.
    @Test func `stats counts what a replay wrote`() throws {
        let scratch = try Scratch()
        let recording = try scratch.recording("bybit-linear")
        for layout in [["--folders", "flat"], ["--folders", "hive", "--book-layout", "wide"]] {
            let folder = "rows-\(layout[1])"
            let replay = try AtelierProcess(
                ["replay", recording, "--clock", "orderbook-driven", "--raw", "--json", "--out", folder]
                    + layout,
                in: scratch
            )
            #expect(replay.code == 0, "\(replay.errors)")
            let summary = try replay.json
            let run = try AtelierProcess(["stats", folder, "--json"], in: scratch)
            #expect(run.code == 0, "\(run.errors)")
            let json = try run.json
            #expect(json["gap_threshold_ns"] as? String == "5000000000")
            #expect((json["refused"] as? [Any])?.isEmpty == true)
            #expect((json["others"] as? [Any])?.isEmpty == true)
            let entries = try #require(json["entries"] as? [[String: Any]])
            let keys = Set([
                "exchange", "market", "symbol", "type", "stage", "files", "rows", "start_ns", "end_ns",
                "price_min", "price_max", "gaps", "longest_step_ns", "gap_rows",
            ])
            #expect(entries.count == 22 && entries.allSatisfy { Set($0.keys) == keys })
            let rows = { (type: String, stage: String) in
                entries.filter { $0["type"] as? String == type && $0["stage"] as? String == stage }
                    .reduce(0) { $0 + ($1["rows"] as? Int ?? -1) }
            }
            let events = try #require(summary["events"] as? [String: Int])
            #expect(rows("aggregates", "sync") == summary["rows"] as? Int)
            #expect(rows("orderbooks", "sync") == summary["rows"] as? Int)
            #expect(rows("trades", "raw") == events["trades"])
            #expect(rows("liquidations", "raw") == events["liquidations"])
            #expect(rows("fundings", "raw") == events["funding_rates"])
            #expect(rows("open_interests", "raw") == events["open_interest"])
            #expect(
                rows("orderbooks", "raw") == (events["book_snapshots"] ?? 0) + (events["book_deltas"] ?? 0)
            )
            for entry in entries {
                let (least, greatest) = (entry["price_min"] as? Double, entry["price_max"] as? Double)
                let isPriced = entry["type"] as? String != "fundings"
                #expect((least != nil) == isPriced && (greatest != nil) == isPriced)
                guard let least, let greatest else { continue }
                let range = entry["symbol"] as? String == "BTCUSDT" ? 65_000.0...65_500 : 80...88
                #expect(range.contains(least) && range.contains(greatest) && least <= greatest)
            }
        }
    }

    @Test func `stats counts steps beyond the threshold and names files that are refused`() throws {
        let scratch = try Scratch()
        let name = { (number: Int) in "rows/trades/BTCUSDT_trades_raw_20260101_00000\(number).000.parquet" }
        try FileManager.default.createDirectory(
            atPath: scratch.file("rows/trades"),
            withIntermediateDirectories: true
        )
        let seconds: [Int64] = [0, 1, 2, 10, 11, 75]
        for (number, side) in ["buy", "upwards"].enumerated() {
            let schema = ParquetSchema([
                ParquetColumn("ts_event", .int64), ParquetColumn("ts_recv", .int64), .string("exchange"),
                .string("market"), .string("symbol"), .string("side"), ParquetColumn("price", .double),
                ParquetColumn("amount", .double), .string("id", isOptional: true),
            ])
            let writer = try ParquetWriter(path: scratch.file(name(number)), schema: schema)
            let times = ColumnVector(seconds.map { $0 * 1_000_000_000 })
            let text = { (text: String) in ColumnVector(seconds.map { _ in text }) }
            try writer.append([
                times, times, text("bybit"), text("linear"), text("BTCUSDT"), text(side),
                ColumnVector(seconds.map { 100.5 + Double($0) }), ColumnVector(seconds.map { _ in 1.0 }),
                ColumnVector(seconds.map { _ in nil as String? }),
            ])
            try writer.finish()
        }
        let run = try AtelierProcess(["stats", "rows", "--json"], in: scratch)
        #expect(run.code == 1)
        #expect(run.errors.contains("row 0, column side: found upwards, expected buy or sell"))
        let json = try run.json
        let refused = try #require(json["refused"] as? [[String: String]])
        #expect(refused.map { $0["file"] } == ["rows/trades/BTCUSDT_trades_raw_20260101_000001.000.parquet"])
        let entry = try #require((json["entries"] as? [[String: Any]])?.first)
        #expect(entry["rows"] as? Int == 6 && entry["gaps"] as? Int == 2 && entry["files"] as? Int == 1)
        #expect(entry["start_ns"] as? String == "0" && entry["end_ns"] as? String == "75000000000")
        #expect(entry["longest_step_ns"] as? String == "64000000000")
        #expect(entry["price_min"] as? Double == 100.5 && entry["price_max"] as? Double == 175.5)
        let wide = try AtelierProcess(["stats", "rows", "--json", "--gap-threshold", "1min"], in: scratch)
        let entries = try wide.json["entries"] as? [[String: Any]]
        #expect(entries?.first?["gaps"] as? Int == 1)
    }
}
