import Foundation
import Recording
import Testing

/// `export`: slices, merges and other compression of recordings, as JSON lines or MCAP.
struct ExportTests {
    private typealias Frame = MadeRecording.Frame

    @Test func `a slice begins with its first time and ends before its last`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        let times = made.frames.map(\.time)
        let cases: [(Int64?, Int64?)] = [
            (nil, nil), (times[137], nil), (nil, times[137]), (times[137], times[290]),
            (times[137] + 1, times[290] + 1), (times[399], nil), (nil, times[0] + 1), (0, times[0]),
        ]
        for (from, to) in cases {
            let wanted = made.frames.filter { $0.time >= from ?? .min && $0.time < to ?? .max }
            var flags: [String] = []
            if let from { flags += ["--from", String(from)] }
            if let to { flags += ["--to", String(to)] }
            let arguments = ["export", made.path, "--out", "slice.mcap", "--force"] + flags
            let run = try AtelierProcess(arguments, in: scratch)
            #expect(run.code == 0 && run.output == "slice.mcap: \(wanted.count) frames\n", "\(flags)")
            #expect(try MadeRecording.frames(of: "slice.mcap", in: scratch) == wanted, "\(flags)")
            #expect(try MadeRecording.frames(of: made.path, flags, in: scratch) == wanted, "\(flags)")
            #expect(try AtelierProcess(["verify", "slice.mcap"], in: scratch).code == 0, "\(flags)")
            let lines = try AtelierProcess(["export", made.path] + flags, in: scratch)
            #expect(try lines.lines.map { $0["recv_ns"] as? Int64 } == wanted.map(\.time), "\(flags)")
        }
    }

    @Test(arguments: [
        ["--topic", "/bybit/linear/c0/status"], ["--topic", "/bybit/linear/*"],
        ["--topic", "/bybit/linear/c0/in", "--topic", "/bybit/linear/c0/status"], ["--topic", "/bybit"],
        [
            "--topic", "/bybit/linear/c0/status", "--from", "1000000001200000000", "--to",
            "1000000003000000000",
        ],
    ])
    func `topics are chosen by name or by their beginning`(_ flags: [String]) throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        let isSlice = flags.contains("--from")
        let wanted = made.frames.filter { frame in
            let isTopic = flags.contains {
                $0 == frame.topic || ($0.last == "*" && frame.topic.hasPrefix("/bybit/linear/"))
            }
            let time = frame.time - 1_000_000_000_000_000_000
            return isTopic && (!isSlice || (1_200_000_000..<3_000_000_000).contains(time))
        }
        let run = try AtelierProcess(["export", made.path, "--out", "some.mcap"] + flags, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        #expect(try MadeRecording.frames(of: "some.mcap", in: scratch) == wanted)
        #expect(try MadeRecording.frames(of: made.path, flags, in: scratch) == wanted)
        // A pipe has no index; it gives the same.
        let pipe = "cat made.mcap | \"$0\" \"$@\""
        let piped = try AtelierProcess(["cat", "-", "--json"] + flags, shell: pipe, in: scratch)
        let direct = try AtelierProcess(["cat", made.path, "--json"] + flags, in: scratch)
        #expect(piped.code == 0 && piped.output == direct.output)
    }

    @Test(arguments: ["zstd", "lz4", "none"])
    func `frames stay what they are under any compression`(_ compression: String) throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        let arguments = ["export", made.path, "--out", "again.mcap", "--compression", compression]
        #expect(try AtelierProcess(arguments, in: scratch).code == 0)
        let info = try AtelierProcess(["info", "again.mcap", "--json"], in: scratch).json
        #expect((info["compression"] as? [String: Int])?.keys.sorted() == [compression])
        let before = try AtelierProcess(["cat", made.path, "--json"], in: scratch).output
        #expect(try AtelierProcess(["cat", "again.mcap", "--json"], in: scratch).output == before)
        #expect(try AtelierProcess(["verify", "again.mcap"], in: scratch).code == 0)
    }

    @Test(arguments: ["bybit-linear", "coinbase", "kraken"])
    func `JSON lines are imported to the same bytes`(_ sample: String) throws {
        let scratch = try Scratch()
        let path = try scratch.recording(sample)
        let lines = scratch.file("\(sample).jsonl")
        #expect(try AtelierProcess(["export", path, "--out", lines], in: scratch).code == 0)
        let exchange = String(sample.prefix { $0 != "-" })
        let arguments = ["import", lines, "--out", "again.mcap", "--exchange", exchange]
        let run = try AtelierProcess(arguments, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        #expect(try scratch.bytes("again.mcap") == scratch.bytes(path))
    }

    @Test func `frames of chosen instruments come with those of none, and counters close up`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        let wanted = "kraken/spot/BTC/USD"
        let arguments = ["export", path, "--instruments", wanted, "--out", "some.mcap"]
        let run = try AtelierProcess(arguments, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let all = try MadeRecording.frames(of: path, in: scratch)
        let some = try MadeRecording.frames(of: "some.mcap", in: scratch)
        // Tickers are no events of this venue; acks concern the symbol they name.
        let isOther = { (frame: Frame) in
            frame.text.contains("XRP/USD") && !frame.text.contains("\"channel\":\"ticker\"")
        }
        #expect(some.count < all.count && some == all.filter { !isOther($0) })
        #expect(try AtelierProcess(["verify", "some.mcap"], in: scratch).code == 0)
        let replayed = try AtelierProcess(["replay", "some.mcap", "--json"], in: scratch)
        #expect(replayed.code == 0, "\(replayed.errors)")
        let instruments = try #require(replayed.json["instruments"] as? [[String: Any]])
        #expect(instruments.map { $0["symbol"] as? String } == ["BTC/USD"])
    }

    @Test func `a merge is in the order of time, session and name`() throws {
        let scratch = try Scratch()
        let base: Int64 = 1_000_000_000_000_000_000
        let first = try MadeRecording("b.mcap", in: scratch, count: 90, start: base)
        let second = try MadeRecording("a.mcap", in: scratch, count: 70, start: base, slot: "c1")
        let third = try MadeRecording(
            "c.mcap",
            in: scratch,
            count: 200,
            start: base - 500_000_000,
            slot: "c2"
        )
        // Of equal times the earlier session comes first, then the name.
        let sources = [third, second, first]
        let expected = sources.enumerated().flatMap { index, made in made.frames.map { (index, $0) } }
            .enumerated().sorted { ($0.1.1.time, $0.1.0, $0.0) < ($1.1.1.time, $1.1.0, $1.0) }.map(\.1.1)
        for names in [["a.mcap", "b.mcap", "c.mcap"], ["c.mcap", "b.mcap", "a.mcap"], ["."]] {
            let arguments = ["export"] + names + ["--out", "all.mcap.new", "--format", "mcap", "--force"]
            #expect(try AtelierProcess(arguments, in: scratch).code == 0)
            let found = try MadeRecording.frames(of: "all.mcap.new", in: scratch)
            #expect(found.filter { !$0.text.contains("session ended") } == expected, "\(names)")
            // The third continues after the first two.
            #expect(found.count { $0.text.contains("session ended") } == 2)
            #expect(try AtelierProcess(["verify", "all.mcap.new"], in: scratch).code == 0)
        }
        let lines = try AtelierProcess(["export", "."], in: scratch).lines
        let texts = lines.compactMap { $0["frame"] as? String }.filter { !$0.contains("session ended") }
        #expect(texts == expected.map(\.text))
        #expect(Set(lines.compactMap { $0["conn"] as? String }) == ["c0", "c1", "c2"])
    }

    @Test func `connections of equal names stay apart in a merge`() throws {
        let scratch = try Scratch()
        let early = try MadeRecording("a.mcap", in: scratch, count: 60, start: 1_000_000_000_000_000_000)
        let late = try MadeRecording("b.mcap", in: scratch, count: 60, start: 1_000_000_000_100_000_000)
        #expect(try AtelierProcess(["export", ".", "--out", "all.mcap"], in: scratch).code == 0)
        #expect(try AtelierProcess(["verify", "all.mcap"], in: scratch).code == 0)
        let info = try AtelierProcess(["info", "all.mcap", "--json"], in: scratch).json
        // One more says where the first session ends.
        #expect(info["messages"] as? Int == early.frames.count + late.frames.count + 1)
        #expect(info["missing_frames"] as? Int == 0)
        #expect((info["channels"] as? [Any])?.count == 4)
    }

    @Test func `a damaged input is exported as far as it goes, with exit code 3`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        var bytes = try scratch.bytes(made.path)
        let chunk = ChunkLocation.all(in: bytes)[3]
        bytes[chunk.offset + chunk.length - 4] ^= 1
        try scratch.write(bytes, as: "damaged.mcap")
        let run = try AtelierProcess(["export", "damaged.mcap", "--out", "rest.mcap"], in: scratch)
        #expect(run.code == 3)
        #expect(
            run.errors.contains("lost: byte \(chunk.offset), \(chunk.length) bytes, \(chunk.frames) frames")
        )
        let rest = try MadeRecording.frames(of: "rest.mcap", in: scratch)
        #expect(rest.count == made.frames.count - chunk.frames)
    }

    @Test func `what is there stays unless replacing is asked for`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        try scratch.write(Array("mine".utf8), as: "out.jsonl")
        let refused = try AtelierProcess(["export", made.path, "--out", "out.jsonl"], in: scratch)
        #expect(refused.code == 1 && refused.errors.contains("--force"), "\(refused.errors)")
        #expect(try scratch.bytes("out.jsonl") == Array("mine".utf8))
        #expect(
            try AtelierProcess(["export", made.path, "--out", "out.jsonl", "--force"], in: scratch).code == 0
        )
        #expect(try scratch.bytes("out.jsonl").count > 10_000)
        let unknown = try AtelierProcess(["export", made.path, "--compression", "brotli"], in: scratch)
        #expect(unknown.code == 2)
    }
}
