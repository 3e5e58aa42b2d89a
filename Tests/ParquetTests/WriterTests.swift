import ByteCoding
import Foundation
import Parquet
import Testing

@Suite
struct WriterTests {
    private let schema = ParquetSchema([
        .timestamp("time"),
        ParquetColumn("count", .int32, isOptional: true),
        .string("symbol", isOptional: true),
        ParquetColumn("price", .double, isOptional: true),
        ParquetColumn("ratio", .float),
        ParquetColumn("flag", .boolean, isOptional: true),
        ParquetColumn("code", .fixedLengthByteArray, typeLength: 3),
        ParquetColumn("amount", .int64, logicalType: .decimal(precision: 12, scale: 3)),
    ])

    private func rows(_ range: Range<Int>) -> [ColumnVector] {
        var codes = FixedByteArrays(width: 3)
        for row in range { codes.append([UInt8(row % 7), 1, UInt8(row % 251)]) }
        return [
            ColumnVector(range.map { 1_700_000_000_000_000_000 + Int64($0) * 100_000_000 }),
            ColumnVector(range.map { Int32($0 * 37 % 1000) - 500 }, validity: range.map { $0 % 5 != 0 }),
            ColumnVector(range.map { $0 % 11 == 0 ? nil : "SYM\($0 % 4)" }),
            ColumnVector(range.map { $0 % 3 == 0 ? nil : Double($0) / 7 }),
            ColumnVector(range.map { Float($0 % 100) / 4 }),
            ColumnVector(range.map { $0 % 2 == 0 }, validity: range.map { $0 % 13 != 0 }),
            ColumnVector(.fixed(codes)),
            ColumnVector(range.map { Int64($0) - 500 }),
        ]
    }

    private static let reader = """
        import sys, pathlib, duckdb, polars
        import pyarrow as pa, pyarrow.parquet as pq
        folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
        def row(i):
            return dict(time=1700000000000000000 + i * 100000000,
              count=None if i % 5 == 0 else i * 37 % 1000 - 500,
              symbol=None if i % 11 == 0 else f"SYM{i % 4}",
              price=None if i % 3 == 0 else i / 7, ratio=(i % 100) / 4,
              flag=None if i % 13 == 0 else i % 2 == 0, code=bytes([i % 7, 1, i % 251]), amount=i - 500)
        expected = [row(i) for i in range(count)]
        def check(path, rows, who):
            for row in rows: row["amount"] = int(row["amount"] * 1000)
            assert rows == expected, (path, who, [pair for pair in zip(rows, expected) if pair[0] != pair[1]][:1])
        connection = duckdb.connect()
        for path in sorted(folder.glob("*.parquet")):
            table = pq.read_table(path, page_checksum_verification=True)
            check(path, table.set_column(0, "time", table["time"].cast(pa.int64())).to_pylist(), "pyarrow")
            cursor = connection.execute(
              "select epoch_ns(time) as time, * exclude (time) from read_parquet(?)", [str(path)])
            names = [column[0] for column in cursor.description]
            check(path, [dict(zip(names, values)) for values in cursor.fetchall()], "duckdb")
            frame = polars.read_parquet(path).with_columns(polars.col("time").dt.timestamp("ns"))
            check(path, frame.to_dicts(), "polars")
        print("same", len(list(folder.glob("*.parquet"))))
        """

    @Test(.enabled(if: PythonOracle.isPresent, "ATELIER_PYTHON is not set"))
    func pythonReadsBackTheSameValues() throws {
        let folder = try ScratchFolder()
        var count = 0
        for compression in [Compression.uncompressed, .snappy, .zstd, .lz4Raw, .gzip] {
            for encoding in [
                ColumnEncoding.automatic, .plain, .dictionary, .deltaBinaryPacked, .byteStreamSplit,
            ] {
                var options = ParquetWriterOptions()
                options.compression = compression
                options.dataPageVersion = 1 + count % 2
                options.rowGroupRows = 500
                options.pageRows = 130
                options.encoding = encoding
                let path = folder.file("\(compression.name)-\(encoding).parquet")
                let writer = try ParquetWriter(path: path, schema: schema, options: options)
                for start in stride(from: 0, to: 1200, by: 240) {
                    try writer.append(rows(start..<start + 240))
                }
                try writer.finish(keyValues: [KeyValue("who", "a test")])
                count += 1
            }
        }
        #expect(try PythonOracle.run(Self.reader, [folder.path, "1200"]) == "same \(count)\n")
    }

    @Test
    func bytesDoNotDependOnPiecesOrThreads() throws {
        var options = ParquetWriterOptions()
        options.rowGroupRows = 1100
        options.pageRows = 300
        var files: [[UInt8]] = []
        for (piece, threads) in [(1, 1), (97, 1), (3000, 1), (500, 2), (3000, 5)] {
            options.threads = threads
            let writer = try ParquetWriter(schema: schema, options: options)
            for start in stride(from: 0, to: 3000, by: piece) {
                try writer.append(rows(start..<min(start + piece, 3000)))
            }
            files.append(try writer.finishInMemory())
        }
        for file in files { #expect(file == files[0]) }
    }

    @Test
    func emptyFileEndsWithMagic() throws {
        let bytes = try ParquetWriter(schema: schema).finishInMemory()
        #expect(bytes.prefix(4).elementsEqual("PAR1".utf8))
        #expect(bytes.suffix(4).elementsEqual("PAR1".utf8))
    }

    @Test
    func refusesWhatDoesNotSuitTheSchema() throws {
        let writer = try ParquetWriter(schema: ParquetSchema([ParquetColumn("a", .int64), .string("b")]))
        #expect(throws: ParquetError.misuse("1 columns handed over, the schema has 2")) {
            try writer.append([ColumnVector([Int64(1)])])
        }
        #expect(throws: ParquetError.misuse("column a: the values are not INT64")) {
            try writer.append([ColumnVector([1.5]), ColumnVector(["x"])])
        }
        #expect(throws: ParquetError.misuse("column b is required but has a null")) {
            try writer.append([ColumnVector([Int64(1)]), ColumnVector([nil as String?])])
        }
        #expect(throws: ParquetError.misuse("two columns are named a; names must be unique")) {
            try ParquetWriter(schema: ParquetSchema([ParquetColumn("a", .int64), .string("a")]))
        }
    }

    @Test(arguments: [1, 2])
    func fullDiskIsAnErrorAndStaysOne(threads: Int) throws {
        let device = open("/dev/full", O_WRONLY)
        defer { close(device) }
        let output = ByteOutput(descriptor: device, name: "/dev/full")
        var options = ParquetWriterOptions()
        options.rowGroupRows = 50_000
        options.compression = .uncompressed
        options.encoding = .plain
        options.threads = threads
        let writer = try ParquetWriter(output: output, schema: schema, options: options)
        let full = ParquetError.fileSystem(
            "/dev/full: cannot write: No space left on device",
            code: ENOSPC
        )
        #expect(throws: full) { try writer.append(rows(0..<50_000)) }
        #expect(throws: full) { try writer.append(rows(0..<1)) }
        #expect(throws: full) { try writer.finish() }
    }

    @Test
    func aFileAppearsWholeOrNotAtAll() throws {
        let folder = try ScratchFolder()
        let path = folder.file("a.parquet")
        let writer = try ParquetWriter(path: path, schema: schema)
        try writer.append(rows(0..<10))
        #expect(!FileManager.default.fileExists(atPath: path))
        try writer.finish()
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
        let second = try ParquetWriter(path: path, schema: schema)
        #expect(throws: ParquetError.fileSystem("\(path): cannot create: File exists", code: EEXIST)) {
            try second.finish()
        }
        second.discard()
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
    }
}
