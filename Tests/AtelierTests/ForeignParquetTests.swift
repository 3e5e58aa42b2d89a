import Foundation
import Parquet
import Testing

/// `cat`, `info` and `stats` on Parquet files of other writers; those of bug reports are beside the
/// project.
struct ForeignParquetTests {
    private static let folder = "\(AtelierProcess.package)/../shared/faults/files"
    static let isPresent = FileManager.default.fileExists(atPath: folder)

    /// A file, the code that `cat --json` ends with, and its lines.
    struct Printed: Sendable {
        var name: String
        var code: Int32 = 0
        var lines: [String]
    }

    private static let printed = [
        Printed(
            name: "duplicate-column-names/bug13053-2",
            lines: [
                #"{"column":1,"column_1":4,"column_2":7}"#, #"{"column":2,"column_1":5,"column_2":8}"#,
                #"{"column":3,"column_1":6,"column_2":9}"#,
            ]
        ),
        Printed(
            name: "duplicate-column-names/dup",
            lines: [#"{"x":1,"x_1":3,"y":5}"#, #"{"x":2,"x_1":4,"y":6}"#]
        ),
        Printed(name: "dotted-name/dot", code: 1, lines: [#"{"a.b":10}"#, #"{"a.b":20}"#]),
        Printed(
            name: "int96-out-of-range/int96_from_spark",
            lines: [
                #"{"a":1704141296123456000}"#, #"{"a":1704070800000000000}"#, #"{"a":253402225200000000000}"#,
                #"{"a":1735599600000000000}"#, #"{"a":null}"#, #"{"a":-9357363680509551616000}"#,
            ]
        ),
        Printed(
            name: "footer-rows-zero/repeated_no_annotation",
            code: 1,
            lines: (1...6).map { "{\"id\":\($0)}" }
        ),
        Printed(name: "no-columns/no_columns", lines: ["{}", "{}"]),
        Printed(name: "no-columns/pa_nocols", lines: []),
        Printed(name: "nonstd-keyvalue/non-std-kvm.fp-0.8.2", lines: [#"{"a":1}"#]),
        Printed(name: "mixed-codec/mixcodec", lines: (1...3).map { "{\"a\":\($0),\"b\":\($0 + 3)}" }),
    ]

    @Test(.enabled(if: isPresent, "no files of other writers"), arguments: printed)
    func `cat prints what others read`(_ file: Printed) throws {
        let scratch = try Scratch()
        let run = try AtelierProcess(["cat", "\(Self.folder)/\(file.name).parquet", "--json"], in: scratch)
        #expect(run.code == file.code && run.errors.isEmpty == (file.code == 0), "\(run.errors)")
        #expect(run.output.split(separator: "\n").map(String.init) == file.lines)
    }

    @Test(.enabled(if: isPresent, "no files of other writers"))
    func `columns of one name are asked for together or one by one`() throws {
        let scratch = try Scratch()
        let path = "\(Self.folder)/duplicate-column-names/bug13053-2.parquet"
        let both = try AtelierProcess(["cat", path, "--column", "column", "--column", "column"], in: scratch)
        #expect(both.code == 0 && both.output == "column\tcolumn_2\n1\t7\n2\t8\n3\t9\n")
        let second = try AtelierProcess(["cat", path, "--json", "--column", "column_2"], in: scratch)
        #expect(second.output == "{\"column_2\":7}\n{\"column_2\":8}\n{\"column_2\":9}\n")
        let none = try AtelierProcess(["cat", path, "--column", "column_3"], in: scratch)
        #expect(none.code == 2 && none.output.isEmpty && none.errors.contains("column, column_1, column_2"))
    }

    @Test(.enabled(if: isPresent, "no files of other writers"))
    func `stats converts times by the unit of their column`() throws {
        let scratch = try Scratch()
        let name = "BTCUSDT_trades_sync_20260302_120000.923.parquet"
        try FileManager.default.createDirectory(
            atPath: scratch.file("rows/trades"),
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(
            atPath: "\(Self.folder)/stats-timestamp-us/\(name)",
            toPath: scratch.file("rows/trades/\(name)")
        )
        let run = try AtelierProcess(["stats", "rows", "--json"], in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let entry = try #require((try run.json["entries"] as? [[String: Any]])?.first)
        #expect(entry["start_ns"] as? String == "1772452801000000000")
        #expect(entry["longest_step_ns"] as? String == "2000000000")
    }

    @Test func `a page or footer beyond a limit is named with its option, and is no damage`() throws {
        let scratch = try Scratch()
        let schema = ParquetSchema([ParquetColumn("a", .int64), .string("b")])
        let writer = try ParquetWriter(path: scratch.file("a.parquet"), schema: schema)
        let texts = (0..<500).map { "text \($0 * $0)" }
        try writer.append([ColumnVector([Int64](0..<500)), ColumnVector(texts)])
        try writer.finish()
        let page = try AtelierProcess(["cat", "a.parquet", "--json", "--max-page", "1kB"], in: scratch)
        #expect(page.code == 1 && page.output.hasPrefix("{\"a\":0}\n{\"a\":1}\n"))
        #expect(page.errors.contains("the limit is 1000 (try: a larger --max-page)"))
        #expect(!page.errors.contains("damage"))
        for command in ["cat", "info"] {
            let footer = try AtelierProcess([command, "a.parquet", "--max-footer", "100"], in: scratch)
            #expect(footer.code == 1 && footer.errors.contains("(try: a larger --max-footer)"), "\(command)")
        }
        let whole = try AtelierProcess(["cat", "a.parquet", "--json", "--max-page", "1MiB"], in: scratch)
        #expect(whole.code == 0 && whole.output.split(separator: "\n").count == 500)
        let words = try AtelierProcess(["cat", "a.parquet", "--max-page", "much"], in: scratch)
        #expect(words.code == 2)
    }

    @Test func `a Parquet file comes by a pipe or a redirection too`() throws {
        let scratch = try Scratch()
        let writer = try ParquetWriter(
            path: scratch.file("a.parquet"),
            schema: ParquetSchema([ParquetColumn("a", .int64)])
        )
        try writer.append([ColumnVector([Int64](0..<50_000))])
        try writer.finish()
        let whole = try AtelierProcess(["cat", "a.parquet", "--json"], in: scratch).output
        #expect(whole.hasSuffix("{\"a\":49999}\n"))
        for shell in ["cat a.parquet | \"$0\" \"$@\"", "exec \"$0\" \"$@\" < a.parquet"] {
            let run = try AtelierProcess(["cat", "-", "--json"], shell: shell, in: scratch)
            #expect(run.code == 0 && run.output == whole, "\(run.errors)")
            let info = try AtelierProcess(["info", "-", "--json"], shell: shell, in: scratch)
            #expect(try info.code == 0 && info.json["rows"] as? Int == 50_000, "\(info.errors)")
        }
        let short = try AtelierProcess(["cat", "-"], shell: "printf PAR | \"$0\" \"$@\"", in: scratch)
        #expect(short.code != 0 && short.output.isEmpty)
        let torn = try AtelierProcess(
            ["cat", "-"],
            shell: "head -c 300 a.parquet | \"$0\" \"$@\"",
            in: scratch
        )
        #expect(torn.code == 3 && torn.errors.contains("not a Parquet file"))
    }

    @Test func `plain columns are plain in every Parquet file that is written`() throws {
        let scratch = try Scratch()
        let recording = try scratch.recording("bybit-linear")
        let commands = [
            ["replay", recording, "--raw", "--out", "rows"],
            ["dataset", "build", recording, "--missing", "mask", "--out", "set"],
        ]
        for command in commands {
            for encoding in ["automatic", "plain"] {
                let run = try AtelierProcess(command + ["--force", "--encoding", encoding], in: scratch)
                #expect(run.code == 0, "\(run.errors)")
                let folder = command[0] == "replay" ? "rows" : "set"
                let files = scratch.contents(of: folder).filter { $0.hasSuffix(".parquet") }
                var found: Set<String> = []
                for file in files {
                    for group in try ParquetReader(path: scratch.file("\(folder)/\(file)")).metadata.rowGroups
                    {
                        found.formUnion(group.columns.flatMap(\.encodings).map(\.name))
                    }
                }
                #expect(
                    !files.isEmpty && (found.subtracting(["PLAIN", "RLE"]).isEmpty == (encoding == "plain"))
                )
                try FileManager.default.removeItem(atPath: scratch.file(folder))
            }
        }
    }

    @Test func `a column whose first page is damaged leaves the others`() throws {
        let scratch = try Scratch()
        let schema = ParquetSchema([.string("a"), ParquetColumn("b", .int64)])
        var options = ParquetWriterOptions()
        (options.encoding, options.compression) = (.plain, .uncompressed)
        let writer = try ParquetWriter(path: scratch.file("a.parquet"), schema: schema, options: options)
        try writer.append([ColumnVector(["damaged here", "and here"]), ColumnVector([1, 2] as [Int64])])
        try writer.finish()
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: scratch.file("a.parquet"))))
        let text = Array("damaged here".utf8)
        let index = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
        bytes[index] ^= 1
        try Data(bytes).write(to: URL(filePath: scratch.file("a.parquet")))
        let run = try AtelierProcess(["cat", "a.parquet", "--json"], in: scratch)
        #expect(run.code == 3 && run.output == "{\"b\":1}\n{\"b\":2}\n")
        #expect(run.errors.contains("column a, page at byte 4: CRC-32 was"))
    }
}
