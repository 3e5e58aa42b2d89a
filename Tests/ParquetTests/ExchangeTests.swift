import Foundation
import Parquet
import Testing

/// Random files, written here and read by pyarrow, DuckDB and polars, and vice versa.
@Suite
struct ExchangeTests {
    static let seed = UInt64(ProcessInfo.processInfo.environment["ATELIER_SEED"] ?? "") ?? 20_261_122

    @Test(.enabled(if: PythonOracle.isPresent, "ATELIER_PYTHON is not set"))
    func othersReadWhatIsWrittenHere() throws {
        print("seed \(Self.seed)")
        let folder = try ScratchFolder()
        for index in 0..<60 {
            var random = SplitMix(seed: Self.seed &+ UInt64(index))
            let schema = RandomColumns.schema(&random)
            let rows = random.pick([0, 1, 2, 100, 999, 3000])
            let vectors = schema.columns.map { RandomColumns.vector(&random, $0, rows: rows) }
            let options = RandomColumns.options(&random, schema)
            let path = folder.file("\(1000 + index).parquet")
            let writer = try ParquetWriter(path: path, schema: schema, options: options)
            try writer.append(vectors)
            try writer.finish()
            let text = ColumnDump.text(schema.columns, vectors)
            try text.write(toFile: folder.file("\(1000 + index).txt"), atomically: false, encoding: .utf8)
            let reader = try ParquetReader(path: path)
            #expect(
                ColumnDump.text(schema.columns, try reader.readAll()) == text,
                "file \(index), seed \(Self.seed)"
            )
        }
        let script = PythonOracle.folder + "/exchange.py"
        #expect(try PythonOracle.run(file: script, ["check", folder.path]) == "same 60\n")
    }

    @Test(.enabled(if: PythonOracle.isPresent, "ATELIER_PYTHON is not set"))
    func whatOthersWriteIsReadHere() throws {
        print("seed \(Self.seed)")
        let folder = try ScratchFolder()
        let script = PythonOracle.folder + "/exchange.py"
        _ = try PythonOracle.run(file: script, ["write", "\(Self.seed)", "80", folder.path])
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix(".parquet") {
            let expected = try String(
                contentsOfFile: folder.file(name.replacing(".parquet", with: ".txt")),
                encoding: .utf8
            )
            let reader = try ParquetReader(path: folder.file(name))
            var vectors = reader.schema.columns.map { ColumnVector(ColumnValues(for: $0)) }
            let batches = try reader.batches(batchRows: 1 + count * 37 % 900)
            while let batch = try batches.next() {
                for index in vectors.indices {
                    let isSameType = vectors[index].append(contentsOf: batch.columns[index])
                    #expect(isSameType)
                }
            }
            #expect(ColumnDump.text(reader.schema.columns, vectors) == expected, "\(name), seed \(Self.seed)")
            count += 1
        }
        #expect(count == 80)
    }
}
