import Foundation
import Testing

/// Wrong files, flags and folders: a clear text, the right exit code, and no leftovers.
struct BadInputTests {
    @Test(arguments: [
        (["--period", "0"], "period: found 0 ns"),
        (["--period", "fast"], "'fast' is invalid"),
        (["--from", "2026-01-02", "--to", "2026-01-01"], "--from must be before --to"),
        (["--from", "2026-01-02", "--to", "2026-01-02"], "--from must be before --to"),
        (["--depth", "0"], "depth: found 0"),
        (["--hold-back", "-1s"], "hold-back"),
        (["--clock", "lunar"], "'lunar' is invalid"),
        (["--instruments", "BTCUSDT"], "exchange/market/symbol"),
        (["--raw"], "--out"),
        (["--sinks", "termnal"], "nearest: terminal"),
        (["--sinks", "parquet"], "--out go together"),
        (["--speed", "0x"], "'0x' is invalid"),
        (["--out", ""], "Missing value for '--out"),
        (["--bars", "minutes:1"], "bars"),
        (["--bars", "tick:5", "--clock", "external"], "bars"),
    ])
    func `flags that make no sense are usage errors`(_ flags: [String], _ text: String) throws {
        let scratch = try Scratch()
        // An option value that begins with a dash is given with an equals sign.
        let joined = flags.count == 2 ? ["\(flags[0])=\(flags[1])"] : flags
        let run = try AtelierProcess(["replay", scratch.recording("kraken")] + joined, in: scratch)
        #expect(run.code == 2, "\(run.errors)")
        #expect(run.errors.contains(text), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test func `recordings that are not there or are something else fail, and leave no folder`() throws {
        let scratch = try Scratch()
        try Data("once upon a time".utf8).write(to: URL(filePath: scratch.file("tale.mcap")))
        try Data().write(to: URL(filePath: scratch.file("empty.mcap")))
        try FileManager.default.createDirectory(
            atPath: scratch.file("folder"),
            withIntermediateDirectories: true
        )
        let cases = [
            ("nothere.mcap", "No such file"), ("tale.mcap", "not an MCAP file"),
            ("empty.mcap", "not an MCAP file"), ("folder", "no .mcap files"),
        ]
        for (path, text) in cases {
            let run = try AtelierProcess(["replay", path, "--out", "a/b/rows"], in: scratch)
            #expect(run.code == 1, "\(path)")
            #expect(run.errors.contains(path) && run.errors.contains(text), "\(run.errors)")
            #expect(scratch.contents(of: "a").isEmpty)
        }
    }

    @Test func `one file named twice is refused`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        let run = try AtelierProcess(["replay", path, "./kraken.mcap"], in: scratch)
        #expect(run.code == 2)
        #expect(run.errors.contains("the same file"))
    }

    @Test func `an output folder that holds something is left alone`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        try FileManager.default.createDirectory(
            atPath: scratch.file("rows"),
            withIntermediateDirectories: true
        )
        try Data("mine".utf8).write(to: URL(filePath: scratch.file("rows/notes.txt")))
        let refused = try AtelierProcess(["replay", path, "--out", "rows"], in: scratch)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("not empty") && refused.errors.contains("--force"))
        #expect(scratch.contents(of: "rows") == ["notes.txt"])
        #expect(try AtelierProcess(["replay", path, "--out", "rows", "--force"], in: scratch).code == 0)
        #expect(scratch.contents(of: "rows").contains("notes.txt"))
        // A second run beside the first uses other names: nothing is replaced.
        let before = scratch.contents(of: "rows/aggregates")
        #expect(try AtelierProcess(["replay", path, "--out", "rows", "--force"], in: scratch).code == 0)
        let after = scratch.contents(of: "rows/aggregates")
        #expect(after.count == 2 * before.count)
        #expect(Set(before).isSubset(of: after))
        #expect(after.contains { $0.hasSuffix("-1.parquet") })
    }

    @Test(arguments: ["/proc/rows", "file/rows"])
    func `a folder that cannot be made is named`(_ folder: String) throws {
        let scratch = try Scratch()
        try Data("x".utf8).write(to: URL(filePath: scratch.file("file")))
        let path = try scratch.recording("kraken")
        let run = try AtelierProcess(["replay", path, "--out", folder], in: scratch)
        #expect(run.code == 1)
        #expect(run.errors.contains(folder) && run.errors.contains("cannot write there"), "\(run.errors)")
    }

    @Test func `a disk that takes no more fails the run and leaves nothing`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        // A file size limit of 4 KiB stands for the full disk.
        let run = try AtelierProcess(
            ["replay", path, "--out", "rows", "--raw"],
            shell: "ulimit -f 8; exec \"$0\" \"$@\"",
            in: scratch
        )
        #expect(run.code == 1)
        #expect(run.errors.contains("cannot write"), "\(run.errors)")
        #expect(scratch.contents(of: "rows").isEmpty)
    }

    @Test(arguments: [["replay"], ["cat"], ["cat", "--events"], ["info"]])
    func `results that cannot be written are a failure`(_ command: [String]) throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        let run = try AtelierProcess(
            command + [path, "--json"],
            shell: "exec \"$0\" \"$@\" > /dev/full",
            in: scratch
        )
        #expect(run.code == 1, "\(command)")
        #expect(run.errors.contains("standard output"), "\(command): \(run.errors)")
    }

    @Test func `a torn recording is read up to its last whole chunk, and says so`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("bybit-linear", compression: "none")
        let bytes = try Data(contentsOf: URL(filePath: path))
        let torn = scratch.file("torn.mcap")
        // Damage after the first chunk, whose frames are all intact.
        try bytes.prefix(bytes.count - 40).write(to: URL(filePath: torn))
        let run = try AtelierProcess(["replay", torn, "--json"], in: scratch)
        #expect(run.code == 3)
        #expect(run.errors.contains("torn.mcap") && run.errors.contains("atelier recover"), "\(run.errors)")
        let whole = try AtelierProcess(["replay", path, "--json"], in: scratch).json
        #expect(try run.json["digest"] as? String == whole["digest"] as? String)
    }

    @Test func `a damaged chunk is passed over, and what was lost is stated`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("bybit-linear", compression: "none")
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 0x20
        let damaged = scratch.file("damaged.mcap")
        try bytes.write(to: URL(filePath: damaged))
        let run = try AtelierProcess(["replay", damaged, "--out", "rows", "--json"], in: scratch)
        #expect(run.code == 3)
        #expect(run.errors.contains("warning: "), "\(run.errors)")
        let losses = try #require(run.json["loss"] as? [[String: Any]])
        #expect(losses.count >= 1)
        // As in other reports, with the file: only offsets and times are strings.
        let info = try AtelierProcess(["info", damaged, "--json"], in: scratch).json
        let recover = try AtelierProcess(["recover", damaged, "--out", "sound.mcap", "--json"], in: scratch)
            .json
        for report in [info, recover] {
            let own = try #require(report["loss"] as? [[String: Any]])
            #expect(own.count == losses.count)
            for (one, other) in zip(own, losses) {
                #expect((one["bytes"] as? Int ?? 0) > 0 && one["offset"] is String)
                var other = other
                #expect(other.removeValue(forKey: "file") as? String == damaged)
                #expect(NSDictionary(dictionary: one) == NSDictionary(dictionary: other))
            }
        }
    }

    @Test func `an instrument that is not there is named`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        let run = try AtelierProcess(["replay", path, "--instruments", "kraken/spot/ABC/USD"], in: scratch)
        #expect(run.code == 0)
        #expect(run.errors.contains("kraken/spot/ABC/USD") && run.errors.contains("kraken/spot/BTC/USD"))
    }
}
