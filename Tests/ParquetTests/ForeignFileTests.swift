import Foundation
import Parquet
import Testing

/// Foreign files from bug reports, which are beside the project and not part of it.
@Suite
struct ForeignFileTests {
    private static let folder = "../shared/faults/files"
    static let isPresent = FileManager.default.fileExists(atPath: folder)

    private func read(_ name: String, _ columns: [String]? = nil) throws -> [ColumnVector] {
        try ParquetReader(path: "\(Self.folder)/\(name)").readAll(columns: columns)
    }

    private func numbers(_ values: [Int64]) -> ColumnVector { ColumnVector(values) }

    @Test(.enabled(if: isPresent, "no files of other writers"))
    func columnsOfOneNameAndDottedNames() throws {
        let all = try read("duplicate-column-names/bug13053-2.parquet")
        #expect(all == [numbers([1, 2, 3]), numbers([4, 5, 6]), numbers([7, 8, 9])])
        #expect(try read("dotted-name/dot.parquet", ["a.b"]) == [numbers([10, 20])])
    }

    @Test(.enabled(if: isPresent, "no files of other writers"))
    func footersThatOthersTolerate() throws {
        #expect(try read("footer-rows-zero/repeated_no_annotation.parquet", ["id"])[0].count == 6)
        #expect(try read("nonstd-keyvalue/non-std-kvm.fp-0.8.2.parquet") == [numbers([1])])
        #expect(try read("root-with-type/issue6990.parquet", ["mint"]) == [numbers([1_679_788_800_906])])
        for (name, rows) in ["no_columns": 2, "no_columns_new": 2, "pd_nocols": 0, "pa_nocols": 0]
            as [String: Int64]
        {
            let reader = try ParquetReader(path: "\(Self.folder)/no-columns/\(name).parquet")
            #expect(reader.metadata.rowCount == rows && reader.schema.columns.isEmpty, "\(name)")
        }
    }

    @Test(
        .enabled(if: isPresent, "no files of other writers"),
        arguments: [
            "brotli/brotli_compressed", "lz4-hadoop/hadoop_lz4_compressed",
            "lz4-hadoop/non_hadoop_lz4_compressed",
        ]
    )
    func codecsOfOthers(_ name: String) throws {
        let all = try read(name + ".parquet")
        let times: [Int64] = [1_593_604_800, 1_593_604_800, 1_593_604_801, 1_593_604_801]
        #expect(all[0] == numbers(times) && all[1] == ColumnVector(["abc", "def", "abc", "def"]))
        #expect(all[2] == ColumnVector([42.0, 7.7, 42.125, 7.7]))
    }

    @Test(.enabled(if: isPresent, "no files of other writers"))
    func unsignedBounds() throws {
        let reader = try ParquetReader(path: "\(Self.folder)/unsigned-pruning/bounds.parquet")
        #expect(try reader.rowGroups(where: "u32", from: .integer(-5), through: nil) == [0, 1])
        #expect(try reader.rowGroups(where: "u32", from: nil, through: .integer(3_000_000_000)) == [0, 1])
        #expect(try reader.rowGroups(where: "u64", from: .integer(-1), through: nil) == [0, 1])
        #expect(try reader.rowGroups(where: "u64", from: .unsigned(1 << 63), through: nil) == [1])
    }
}
