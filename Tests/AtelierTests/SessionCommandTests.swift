import Foundation
import Testing

/// Where one session's record ends, and pieces of a session, on the command line.
struct SessionCommandTests {
    private static let venues = ["bybit-linear", "coinbase", "kraken"]

    /// The lines of a sample recording, as `export` writes them.
    private func lines(_ sample: String, in scratch: Scratch) throws -> [String] {
        let run = try AtelierProcess(["export", try scratch.recording(sample)], in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        return run.output.split(separator: "\n").map(String.init)
    }

    /// Imports lines as a piece.
    private func piece(
        _ lines: ArraySlice<String>,
        _ name: String,
        _ sample: String,
        continues previous: String? = nil,
        in scratch: Scratch
    ) throws {
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: scratch.file("\(name).jsonl")))
        let exchange = String(sample.prefix { $0 != "-" })
        let flags = ["--exchange", exchange] + (exchange == "bybit" ? ["--market", "linear"] : [])
        let arguments = ["import", "\(name).jsonl", "--out", "\(name).mcap", "--force"] + flags
        let run = try AtelierProcess(arguments + (previous.map { ["--continues", $0] } ?? []), in: scratch)
        #expect(run.code == 0, "\(run.errors)")
    }

    private func replay(
        _ files: [String],
        in scratch: Scratch
    ) throws -> (digest: String?, json: [String: Any]) {
        let flags = ["--clock", "external", "--period", "100ms", "--json", "--out", "rows", "--force"]
        let run = try AtelierProcess(["replay"] + files + flags, in: scratch)
        let json = try run.json
        return (json["digest"] as? String, json)
    }

    private func causes(in scratch: Scratch) throws -> [String] {
        let text = try String(contentsOfFile: scratch.file("rows/gaps.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").compactMap { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["event"] as? String == "opened" && object?["connection"] != nil
                ? object?["cause"] as? String : nil
        }
    }

    @Test("pieces that continue each other replay like the whole, on every venue", arguments: venues)
    func pieces(sample: String) throws {
        let scratch = try Scratch()
        let all = try lines(sample, in: scratch)
        let (a, b) = (all.count / 3, 2 * all.count / 3)
        let whole = try replay(["\(sample).mcap"], in: scratch).digest
        // Names that sort in the wrong order.
        try piece(all[..<a], "z", sample, in: scratch)
        let before = try scratch.bytes("z.mcap")
        try piece(all[a..<b], "y", sample, continues: "z.mcap", in: scratch)
        try piece(all[b...], "x", sample, continues: "y.mcap", in: scratch)
        #expect(try scratch.bytes("z.mcap") == before)
        #expect(try replay(["x.mcap", "y.mcap", "z.mcap"], in: scratch).digest == whole)
        #expect(try causes(in: scratch) == [])
        #expect(try AtelierProcess(["verify", "x.mcap", "y.mcap", "z.mcap"], in: scratch).code == 0)

        // A piece that is missing is a loss; its frames are counted.
        let torn = try replay(["x.mcap", "z.mcap"], in: scratch)
        #expect(torn.digest != whole)
        #expect((torn.json["missing_frames"] as? Int ?? 0) > 0)
        #expect(Set(try causes(in: scratch)) == ["dropped"])

        // Without the option each file is a session: its books end with it.
        try piece(all[a...], "w", sample, in: scratch)
        let apart = try replay(["z.mcap", "w.mcap"], in: scratch)
        #expect(Set(try causes(in: scratch)) == ["session"] && apart.json["missing_frames"] as? Int == 0)
        let instruments = try #require(apart.json["instruments"] as? [[String: Any]])
        let states = instruments.compactMap { ($0["book"] as? [String: Any])?["state"] as? String }
        #expect(!states.isEmpty && !states.contains("awaiting"))
    }

    @Test func `what is exported of several sessions replays like them`() throws {
        let scratch = try Scratch()
        let all = try lines("bybit-linear", in: scratch)
        // Two recorders at once, and a later third session with the first lines again.
        try piece(all[...], "a", "bybit-linear", in: scratch)
        try piece(all[(all.count / 4)..<(all.count / 2)], "b", "bybit-linear", in: scratch)
        let shifted = try all.prefix(200).map { try FrameLines.later($0, by: 86_400_000_000_000) }
        try piece(shifted[...], "c", "bybit-linear", in: scratch)
        let files = ["a.mcap", "b.mcap", "c.mcap"]
        let apart = try replay(files, in: scratch).digest
        #expect(try causes(in: scratch).count == 2)
        for name in ["all.mcap", "all.jsonl"] {
            #expect(try AtelierProcess(["export"] + files + ["--out", name], in: scratch).code == 0)
        }
        #expect(try replay(["all.mcap"], in: scratch).digest == apart)
        #expect(try AtelierProcess(["verify", "all.mcap"], in: scratch).code == 0)
        let flags = ["--exchange", "bybit", "--market", "linear"]
        let again = ["import", "all.jsonl", "--out", "again.mcap"] + flags
        #expect(try AtelierProcess(again, in: scratch).code == 0)
        #expect(try replay(["again.mcap"], in: scratch).digest == apart)
    }

    @Test(.enabled(if: FaultSamples.areThere))
    func `no row between two captures looks whole`() throws {
        let scratch = try Scratch()
        let folder = "\(FaultSamples.root)/feeds/session-end"
        for day in ["day1", "day2"] {
            let flags = ["--out", "\(day).mcap", "--exchange", "bybit", "--market", "linear"]
            #expect(try AtelierProcess(["import", "\(folder)/\(day).jsonl"] + flags, in: scratch).code == 0)
        }
        let flags = ["--clock", "external", "--period", "1s", "--out", "rows"]
        #expect(try AtelierProcess(["replay", "day2.mcap", "day1.mcap"] + flags, in: scratch).code == 0)
        #expect(try causes(in: scratch) == ["session"])
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            let name = try #require(scratch.contents(of: "rows/aggregates").first { $0.hasPrefix(symbol) })
            let rows = try AtelierProcess(["cat", "rows/aggregates/\(name)", "--json"], in: scratch).lines
            let hole = rows.filter { row in
                let second = (Int("\(row["ts"] ?? "")") ?? 0) / 1_000_000_000 - 1_790_000_000
                return second >= 5 && second <= (symbol == "BTCUSDT" ? 20 : 25)
            }
            #expect(hole.count >= 16)
            for row in hole {
                #expect(row["book_state"] as? String == "gapped" && row["gap"] as? Bool == true)
                #expect(row["observed_trades"] as? Bool == false && row["trade_count"] is NSNull)
            }
        }
    }

    /// A snapshot always resets a book, and the depth of an ended subscription does not affect the next
    /// one.
    @Test(.enabled(if: FaultSamples.areThere), arguments: [["session1", "session2"], ["one-connection"]])
    func `the next session's or connection's depth makes the book`(_ inputs: [String]) throws {
        let scratch = try Scratch()
        for input in inputs {
            let path = "\(FaultSamples.root)/feeds/depth-change/\(input).jsonl"
            let flags = ["--out", "\(input).mcap", "--exchange", "bybit", "--market", "linear"]
            #expect(try AtelierProcess(["import", path] + flags, in: scratch).code == 0)
        }
        let replayed = try replay(inputs.reversed().map { "\($0).mcap" }, in: scratch).json
        let instruments = try #require(replayed["instruments"] as? [[String: Any]])
        let book = try #require(instruments.first?["book"] as? [String: Any])
        #expect(instruments.count == 1 && book["state"] as? String == "synced")
        #expect(book["best_bid"] as? [String] == ["200", "2"])
        #expect(book["best_ask"] as? [String] == ["201", "1"])
        #expect(replayed["ignored"] as? Int == (inputs.count == 1 ? 1 : 0))
    }
}
