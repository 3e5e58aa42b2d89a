import Foundation
import Parquet
import Testing

/// A million rows in both directions, by a formula that `million.py` shares.
@Suite
struct MillionRowTests {
    private static let count = 1_000_000
    private static let schema = ParquetSchema([
        ParquetColumn("wild", .int64), ParquetColumn("rising", .int64), ParquetColumn("real", .double),
        ParquetColumn("few", .int32, isOptional: true), ParquetColumn("flag", .boolean), .string("text"),
        ParquetColumn("run", .int64),
    ])

    /// The columns, each made in one loop, since debug builds are slow at anything finer.
    private static let columns: [ColumnVector] = {
        var (wild, rising, real, few, flag, run) = (
            [Int64](), [Int64](), [Double](), [Int32](), [Bool](), [Int64]()
        )
        var validity: [Bool] = []
        var text = ByteArrays()
        let names = (0..<1000).map { "t\($0)" }
        let special: [Double] = [.nan, -0.0, 0, .infinity, -.infinity]
        for row in 0..<count {
            var bits = UInt64(row + 1) &* 0x9E37_79B9_7F4A_7C15
            bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
            bits ^= bits >> 31
            wild.append(Int64(bitPattern: bits))
            rising.append(Int64(row) * 100_000_000 + Int64(bits % 1000))
            let kind = Int(bits % 23)
            real.append(kind < 5 ? special[kind] : Double(bits >> 11) / 8)
            let isThere = bits % 10 != 0
            few.append(isThere ? Int32(bits % 100) : 0)
            validity.append(isThere)
            flag.append(bits % 2 == 0)
            text.append(names[Int(bits % 1000)])
            run.append(Int64(row / 1000))
        }
        return [
            ColumnVector(wild), ColumnVector(rising), ColumnVector(real),
            ColumnVector(few, validity: validity),
            ColumnVector(flag), ColumnVector(.bytes(text)), ColumnVector(run),
        ]
    }()

    private func isSame(_ found: ColumnVector, _ expected: ColumnVector) -> Bool {
        guard case .double(let left) = found.values, case .double(let right) = expected.values else {
            return found == expected
        }
        // Compared by bits: NaN equals NaN, and a zero keeps its sign.
        return left.count == right.count
            && left.withUnsafeBytes { a in right.withUnsafeBytes { b in Data(a) == Data(b) } }
    }

    @Test(.enabled(if: PythonOracle.isPresent, "ATELIER_PYTHON is not set"))
    func aMillionRowsOfOthersAreRead() throws {
        let folder = try ScratchFolder()
        _ = try PythonOracle.run(file: PythonOracle.folder + "/million.py", ["write", folder.path])
        for writer in ["arrow", "duckdb", "polars"] {
            let reader = try ParquetReader(path: folder.file("\(writer).parquet"))
            // Every column of one writer, the numbers of the others.
            let names =
                writer == "arrow" ? Self.schema.columns.map(\.name) : ["wild", "rising", "real", "few"]
            let found = try reader.readAll(columns: names)
            for (index, name) in names.enumerated() {
                #expect(isSame(found[index], Self.columns[index]), "\(writer): \(name)")
            }
        }
    }

    @Test(.enabled(if: PythonOracle.isPresent, "ATELIER_PYTHON is not set"))
    func aMillionRowsWrittenHereAreReadByOthers() throws {
        let folder = try ScratchFolder()
        let path = folder.file("ours.parquet")
        var options = ParquetWriterOptions()
        options.rowGroupRows = 400_000
        options.threads = 2
        let writer = try ParquetWriter(path: path, schema: Self.schema, options: options)
        let ends = (1...1000).map { $0 * 1000 }
        let runs = ColumnRuns(ColumnVector([Int64](0..<1000)), ends: ends)
        try writer.append(Self.columns.dropLast().map { .each($0) } + [.runs(runs)])
        try writer.finish()
        let script = PythonOracle.folder + "/million.py"
        #expect(try PythonOracle.run(file: script, ["check", path]) == "same\n")
    }
}
