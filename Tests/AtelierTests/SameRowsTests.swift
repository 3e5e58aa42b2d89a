import Foundation
import Parquet
import Testing

/// Conditions that must not change the rows.
struct SameRowsTests {
    private func digests(_ arguments: [String], _ scratch: Scratch) throws -> [String] {
        let run = try AtelierProcess(["replay", "--json"] + arguments, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let json = try run.json
        return [json["digest"] as? String ?? "-", json["content_digest"] as? String ?? "-"]
    }

    @Test(arguments: ["trade-driven", "orderbook-driven", "liquidation-driven", "external"])
    func `codec, process and the order of arguments change no row`(_ clock: String) throws {
        let scratch = try Scratch()
        let linear = try scratch.recording("bybit-linear")
        let kraken = try scratch.recording("kraken")
        let base = try digests([linear, kraken, "--clock", clock], scratch)
        #expect(try digests([kraken, linear, "--clock", clock], scratch) == base)
        try FileManager.default.createDirectory(
            atPath: scratch.file("b/x"),
            withIntermediateDirectories: true
        )
        for codec in ["lz4", "none"] {
            let one = try scratch.recording("bybit-linear", compression: codec, as: "b/bybit-linear.mcap")
            let two = try scratch.recording("kraken", compression: codec, as: "b/x/kraken.mcap")
            #expect(try digests([two, one, "--clock", clock], scratch) == base)
            try FileManager.default.removeItem(atPath: one)
            try FileManager.default.removeItem(atPath: two)
        }
    }

    @Test func `a folder stands for the recordings in it`() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.file("day"),
            withIntermediateDirectories: true
        )
        let one = try scratch.recording("coinbase", as: "day/coinbase.mcap")
        let two = try scratch.recording("bybit-spot", as: "day/bybit-spot.mcap")
        let base = try digests([one, two], scratch)
        #expect(try digests(["day"], scratch) == base)
        #expect(try digests(["day/"], scratch) == base)
    }

    @Test func `a pipe is read like a file, and pacing changes nothing`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        let base = try digests([path], scratch)
        let piped = try AtelierProcess(
            ["replay", "-", "--json"],
            shell: "\"$0\" \"$@\" < '\(path)'",
            in: scratch
        )
        #expect(try piped.json["digest"] as? String == base[0])
        #expect(try digests([path, "--speed", "1000x"], scratch) == base)
    }

    @Test func `the terminal shows a line an instrument and second, beside the files`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("bybit-linear")
        let base = try digests([path], scratch)
        let run = try AtelierProcess(
            ["replay", path, "--digest", "--out", "rows", "--sinks", "terminal,parquet"],
            in: scratch
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains(base[0]))
        let lines = run.output.split(separator: "\n").filter { $0.contains("bybit/linear/") }
        #expect(Set(lines.map { $0.prefix(19) + ($0.contains("SOLUSDT") ? "S" : "B") }).count == lines.count)
        #expect(lines.count > 10)
        #expect(FileManager.default.fileExists(atPath: scratch.file("rows")))
    }

    @Test func `a slice has the rows of the whole, and instruments filter rows only`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("bybit-linear")
        let whole = try rows(["--out", "whole"], path, scratch)
        let times = Array(Set(whole.compactMap { $0.ts })).sorted()
        let (from, to) = (times[times.count / 3], times[2 * times.count / 3])
        let sliced = try rows(["--out", "slice", "--from", "\(from)", "--to", "\(to)"], path, scratch)
        #expect(sliced == whole.filter { $0.ts > from && $0.ts <= to })
        #expect(!sliced.isEmpty)
        let sol = try rows(["--out", "sol", "--instruments", "bybit/linear/SOLUSDT"], path, scratch)
        #expect(sol == whole.filter { $0.cells.contains("SOLUSDT") })
        #expect(!sol.isEmpty)
        #expect(scratch.contents(of: "sol").allSatisfy { !$0.contains("BTCUSDT") })
    }

    private struct Row: Equatable {
        var ts: Int64
        var cells: [String]
    }

    private func text(_ column: ColumnVector, _ row: Int) -> String {
        guard column.isValid(row) else { return "null" }
        switch column.values {
        case .bytes(let values): return values.text(at: row)
        case .double(let values): return "\(values[row].bitPattern)"
        default: return "\(column.slice(row..<(row + 1)).values)"
        }
    }

    /// The rows of all aggregates, each as text, sorted.
    private func rows(_ arguments: [String], _ path: String, _ scratch: Scratch) throws -> [Row] {
        let run = try AtelierProcess(["replay", path, "--json"] + arguments, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let files = try #require(run.json["files"] as? [String])
        var rows: [Row] = []
        for file in files where file.contains("/aggregates/") {
            let reader = try ParquetReader(path: file.hasPrefix("/") ? file : scratch.file(file))
            let columns = try reader.readAll()
            let index = try #require(reader.schema.index(of: "ts"))
            for row in 0..<Int(reader.metadata.rowCount) {
                guard case .int64(let times) = columns[index].values else { continue }
                rows.append(Row(ts: times[row], cells: columns.map { text($0, row) }))
            }
        }
        return rows.sorted { ($0.ts, $0.cells.joined()) < ($1.ts, $1.cells.joined()) }
    }
}
