import Foundation
import Testing

/// Foreign MCAP files through the commands; the expected values were read with the format's Python library.
@Suite(.enabled(if: FaultSamples.areThere))
struct ForeignFileCommandTests {
    private func cat(_ sample: String, _ flags: [String], code: Int32 = 0) throws -> [String] {
        let scratch = try Scratch()
        let path = "\(FaultSamples.root)/files/\(sample)"
        let run = try AtelierProcess(["cat", path, "--json"] + flags, in: scratch)
        #expect(run.code == code, "\(run.errors)")
        let piped = try AtelierProcess(
            ["cat", "-", "--json"] + flags,
            shell: "cat '\(path)' | \"$0\" \"$@\"",
            in: scratch
        )
        #expect(piped.output == run.output)
        return try run.lines.map { "\($0["topic"] ?? "") \($0["text"] ?? "") \($0["log_time_ns"] ?? "")" }
    }

    @Test func `a slice is sorted by log time, a whole file is not`() throws {
        let slice = try cat("mcap-1374/1374.mcap", ["--from", "20", "--to", "40"])
        #expect(slice == ["/a a1 20", "/b b2 25", "/a a2 30", "/b b3 35"])
        let whole = try cat("mcap-1374/1374.mcap", [])
        #expect(whole.prefix(6) == ["/a a0 10", "/a a1 20", "/a a2 30", "/a a3 40", "/a a4 50", "/b b0 5"])
    }

    @Test func `an export keeps the times as written`() throws {
        let scratch = try Scratch()
        let path = "\(FaultSamples.root)/files/mcap-1374/1374.mcap"
        let run = try AtelierProcess(["export", path], in: scratch)
        let times = try run.lines.compactMap { $0["recv_ns"] as? Int }
        #expect(times == [10, 20, 30, 40, 50, 5, 15, 25, 35, 45])
    }

    @Test func `messages outside chunks are in slices and topics`() throws {
        let mixed = "mcap-mixed/mixed.mcap"
        #expect(try cat(mixed, ["--topic", "/a"]) == ["/a x 10", "/a bare 25", "/a z 30"])
        #expect(try cat(mixed, ["--from", "22"]) == ["/a bare 25", "/a z 30"])
    }

    @Test func `times beyond 63 bits are the numbers they are`() throws {
        let scratch = try Scratch()
        let time = "9223372036854775813"
        let path = "\(FaultSamples.root)/files/mcap-log-time-over-int64/t\(time).mcap"
        let info = try AtelierProcess(["info", path, "--json"], in: scratch).json
        #expect(info["start_ns"] as? String == time && info["end_ns"] as? String == time)
        #expect(try AtelierProcess(["info", path], in: scratch).output.contains("\(time) ns"))
        #expect(try AtelierProcess(["cat", path], in: scratch).output == "\(time) ns /a 1 x\n")
        #expect(try AtelierProcess(["export", path], in: scratch).output.contains("\"recv_ns\":\(time),"))
        let same = "mcap-log-time-over-int64/t\(time).mcap"
        #expect(try cat(same, ["--from", time]) == ["/a x \(time)"])
        #expect(try cat(same, ["--to", time]) == [])
        #expect(try cat(same, ["--to", "18446744073709551615"]) == ["/a x \(time)"])
    }

    @Test func `a channel declared again otherwise keeps its first messages`() throws {
        let found = try cat("mcap-redef/redef.mcap", [], code: 3)
        #expect(found == ["/a x 10", "/other y 20"])
        #expect(try cat("mcap-redef/redef.mcap", ["--topic", "/a"], code: 3) == ["/a x 10"])
    }

    @Test func `of two files in one both are kept`() throws {
        let scratch = try Scratch()
        let path = "\(FaultSamples.root)/files/mcap-concat/concat.mcap"
        let run = try AtelierProcess(["recover", path, "--out", "sound.mcap", "--json"], in: scratch)
        #expect(run.code == 3)
        #expect(try run.json["messages"] as? Int == 4)
        #expect(try run.json["bytes_lost"] as? Int == 0)
        #expect(try AtelierProcess(["verify", "sound.mcap"], in: scratch).code == 0)
        #expect(try AtelierProcess(["cat", "sound.mcap", "--json"], in: scratch).lines.count == 4)
    }
}

/// `--topic` in `cat` and `export`.
struct TopicPatternTests {
    @Test func `a star stands for any characters anywhere, and what matches nothing is named`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch, count: 60)
        let (frames, statuses) = (58, 2)
        let cases: [(pattern: String, count: Int)] = [
            ("/bybit/linear/*/in", frames), ("*", frames + statuses), ("*/in", frames),
            ("*linear*", frames + statuses),
            ("/bybit/*/*/status", statuses), ("/bybit/linear/c0/in", frames), ("/*/in*", frames),
            ("**/in", frames),
            ("/bybit/linear/c0/in*", frames), ("*/i", 0), ("/bybit/*/in/*", 0), ("linear*", 0), ("", 0),
            ("/bybit/linear/c0/inn*n", 0), ("/in*in", 0),
        ]
        for (pattern, count) in cases {
            let run = try AtelierProcess(["cat", made.path, "--topic", pattern], in: scratch)
            #expect(run.code == 0, "\(pattern): \(run.errors)")
            #expect(run.output.split(separator: "\n").count == count, "\(pattern)")
            #expect(run.errors.contains("matches no channel") == (count == 0), "\(pattern): \(run.errors)")
            let export = try AtelierProcess(["export", made.path, "--topic", pattern], in: scratch)
            #expect(export.code == 0 && export.output.split(separator: "\n").count == count, "\(pattern)")
            #expect(export.errors.contains("matches no channel") == (count == 0), "\(pattern)")
        }
    }
}
