import Foundation
import Testing

/// Files of other writers in many kinds, printed by the built command and compared value by value.
struct ParquetVariantTests {
    private static let python = ProcessInfo.processInfo.environment["ATELIER_PYTHON"]

    @Test(.enabled(if: python != nil, "ATELIER_PYTHON names no Python with pyarrow, DuckDB and polars"))
    func `cat agrees with the writers of every kind of flat file, and says what it refuses`() throws {
        let scratch = try Scratch()
        let script = "\(AtelierProcess.package)/Tests/AtelierTests/parquet_variants.py"
        let shell = "exec \"$1\" \"$2\" \"$0\" ."
        let run = try AtelierProcess([Self.python ?? "python3", script], shell: shell, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let count = Int(run.output.split(separator: " ").last?.dropLast() ?? "") ?? 0
        // 168 by pyarrow, 60 by DuckDB, 30 by polars, 3 with columns that are refused; more where fastparquet is installed.
        #expect(run.output.hasPrefix("agreed ") && count >= 261, "\(run.output)")
    }
}
