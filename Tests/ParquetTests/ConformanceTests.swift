import Foundation
import Parquet
import Testing

/// The flat files of Apache's parquet-testing, which are beside the project and not part of it.
@Suite
struct ConformanceTests {
    private static let folder = "../shared/conformance/parquet"
    static let files =
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?
        .filter { $0.hasSuffix(".parquet") }.sorted() ?? []

    @Test(.enabled(if: PythonOracle.isPresent && !files.isEmpty, "no ATELIER_PYTHON or no conformance files"))
    func everyFlatColumnAgreesWithPyarrow() throws {
        for name in Self.files where !name.contains("corrupt-checksum") {
            let path = "\(Self.folder)/\(name)"
            let reader = try ParquetReader(path: path)
            let flat = reader.schema.columns.filter { !$0.name.contains(".") }
            let vectors = try reader.readAll(columns: flat.map(\.name))
            let script = """
                import sys
                sys.path.insert(0, sys.argv[1])
                import dump, pyarrow.parquet as pq
                table = pq.read_table(sys.argv[2], columns=sys.argv[3:])
                sys.stdout.write(dump.table_text(table))
                """
            let expected = try PythonOracle.run(script, [PythonOracle.folder, path] + flat.map(\.name))
            let found = ColumnDump.text(flat, vectors)
            #expect(found == expected, "\(name)")
            #expect(!found.isEmpty)
        }
    }

    @Test(
        .enabled(if: !files.isEmpty, "no conformance files"),
        arguments: files.filter { $0.contains("corrupt") }
    )
    func corruptChecksumsAreRefused(_ name: String) throws {
        let reader = try ParquetReader(path: "\(Self.folder)/\(name)")
        do {
            _ = try reader.readAll()
            Issue.record("\(name) was read")
        } catch {
            guard case .checksum = error else {
                Issue.record("\(name): \(error)")
                return
            }
        }
    }
}
