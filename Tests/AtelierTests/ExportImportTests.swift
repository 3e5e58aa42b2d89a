import ByteCoding
import Foundation
import MarketModel
import Recording
import Testing

/// What `export` writes as JSON lines, `import` reads: every kind of line.
struct ExportImportTests {
    /// A recording as `record` makes it: frames, sent frames, statuses, replies, the clock; text and bytes.
    private func recording(in scratch: Scratch) throws -> String {
        let path = scratch.file("session.mcap")
        let output = try ByteOutput(path: path)
        let writer = try RecordingWriter(
            output,
            session: SessionFacts(start: 1, details: [("source", "record")])
        )
        let directions: [FrameDirection] = [.received, .sent, .status, .http]
        let connection = try directions.map { direction in
            try writer.add(
                FrameChannel(exchange: "bybit", market: "linear", slot: "c0", direction: direction)
            )
        }
        let clock = try writer.add(.clock)
        let base: Int64 = 1_700_000_000_000_000_000
        let subscribe = #"{"op":"subscribe","args":["publicTrade.BTCUSDT"]}"#
        let connected = StatusRecord(.connected, epoch: 1).json
        try writer.write(Array(connected.utf8).span.bytes, on: connection[2], at: base)
        try writer.write(
            Array(#"{"wall_ns":"1","monotonic_ns":"2"}"#.utf8).span.bytes,
            on: clock,
            at: base + 1
        )
        try writer.write(Array(subscribe.utf8).span.bytes, on: connection[1], at: base + 2)
        try writer.write(Array(#"{"result":{"list":[]}}"#.utf8).span.bytes, on: connection[3], at: base + 3)
        try writer.write([0, 0xff, 0xfe, 0x80, 0x22, 0x5c].span.bytes, on: connection[0], at: base + 4)
        for index in 0..<40 {
            let time = Int(base / 1_000_000) + index * 100
            let text = FrameLines.bybitTrade(price: "100.5", size: "2", id: "t\(index)", ts: time)
            let at = base + Int64(index) * 100_000_000
            try writer.write(Array(text.utf8).span.bytes, on: connection[0], at: at + 5)
            let tick = Array(#"{"wall_ns":"\#(at)","monotonic_ns":"\#(index)"}"#.utf8)
            if index % 10 == 9 { try writer.write(tick.span.bytes, on: clock, at: at + 6) }
        }
        try writer.finish(reason: "test")
        try output.finish(replacing: false)
        return path
    }

    @Test func `everything exported is imported, byte for byte and with the same rows`() throws {
        let scratch = try Scratch()
        let path = try recording(in: scratch)
        #expect(try AtelierProcess(["export", path, "--out", "s.jsonl"], in: scratch).code == 0)
        let flags = ["--exchange", "bybit", "--market", "linear"]
        let run = try AtelierProcess(["import", "s.jsonl", "--out", "t.mcap"] + flags, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        func frames(_ file: String) throws -> [String] {
            let cat = try AtelierProcess(["cat", file, "--json"], in: scratch)
            #expect(cat.code == 0)
            return try cat.lines.map { line in
                ["topic", "sequence", "log_time_ns", "text", "base64"].map { "\(line[$0] ?? "")" }
                    .joined(separator: "|")
            }
        }
        #expect(try frames("t.mcap") == frames(path))
        func digest(_ file: String) throws -> String? {
            let replay = try AtelierProcess(["replay", file, "--json", "--digest"], in: scratch)
            #expect(replay.code == 0, "\(replay.errors)")
            return try replay.json["digest"] as? String
        }
        let (own, other) = (try digest(path), try digest("t.mcap"))
        #expect(own != nil && own == other)
    }

    @Test(.enabled(if: FaultSamples.areThere))
    func `a capture appended to after a kill is read to its end`() throws {
        let sample = "\(FaultSamples.root)/feeds/gz-append-after-kill/btcusdt.gz"
        let scratch = try Scratch()
        let flags = ["--exchange", "bybit", "--market", "linear", "--format", "hftbacktest", "--json"]
        let run = try AtelierProcess(["import", sample, "--out", "b.mcap"] + flags, in: scratch)
        #expect(run.code == 3)
        #expect(try run.json["frames"] as? Int == 2_050)
        #expect(run.errors.contains("reading goes on at byte 46792"))
    }
}

/// Inputs from others' bug reports, beside the project; tests that need them are skipped if they are
/// missing.
enum FaultSamples {
    static let root = URL(filePath: AtelierProcess.package).appending(path: "../shared/faults").standardized
        .path()
    static let areThere = FileManager.default.fileExists(atPath: root)
}
