import Foundation
import Testing

/// Faults of the market data itself: counted and shown, never a crash or a wrong exit code.
struct MarketFaultTests {
    private static let book = (bids: #"[["100","1"],["99","2"]]"#, asks: #"[["101","1"],["102","2"]]"#)

    private static func snapshot(_ u: Int, ts: Int = 1_000_000_000) -> String {
        FrameLines.bybitBook("snapshot", u: u, bids: book.bids, asks: book.asks, ts: ts)
    }

    private static func delta(_ u: Int, bid: String = #"[["100","3"]]"#, ts: Int = 1_000_000_100) -> String {
        FrameLines.bybitBook("delta", u: u, bids: bid, asks: "[]", ts: ts)
    }

    private func replay(_ frames: [String], _ more: [String] = []) throws -> [String: Any] {
        let scratch = try Scratch()
        let path = try scratch.recording(
            of: FrameLines.lines(frames),
            exchange: "bybit",
            market: "linear"
        )
        let run = try AtelierProcess(
            ["replay", path, "--clock", "orderbook-driven", "--json"] + more,
            in: scratch
        )
        #expect(run.code == 0, "market faults are no failures: \(run.errors)")
        return try run.json
    }

    private func state(_ json: [String: Any]) -> String? {
        let book = (json["instruments"] as? [[String: Any]])?.first?["book"] as? [String: Any]
        return book?["state"] as? String
    }

    @Test func `a delta before its snapshot gaps the book until the snapshot`() throws {
        let before = try replay([Self.delta(4)])
        #expect(before["gaps"] as? Int == 1)
        #expect(state(before) == "gapped")
        let after = try replay([Self.delta(4), Self.snapshot(5), Self.delta(6)])
        #expect(state(after) == "synced")
        #expect(after["gaps"] as? Int == 1)
    }

    @Test func `a broken sequence gaps the book`() throws {
        let json = try replay([Self.snapshot(5), Self.delta(6), Self.delta(8)])
        #expect(state(json) == "gapped")
        #expect((json["sequences"] as? [String: Int]) == ["verified": 1, "broken": 1])
    }

    @Test(arguments: [#"[["-100","3"]]"#, #"[["abc","3"]]"#, #"[["100","-3"]]"#, #"[[100]]"#])
    func `a level that is malformed gaps its book and is one decode error`(_ level: String) throws {
        let json = try replay([Self.snapshot(5), Self.delta(6, bid: level)])
        #expect(json["decode_errors"] as? Int == 1)
        #expect(json["error_frames"] as? Int == 1)
        #expect(state(json) == "gapped")
    }

    @Test func `a malformed trade loses that trade only`() throws {
        let good = FrameLines.bybitTrade(price: "100", size: "1", id: "a", ts: 1_000_000_000)
        let bad = FrameLines.bybitTrade(price: "-1", size: "1", id: "b", ts: 1_000_000_000)
        let json = try replay([good, bad, good.replacing(#""i":"a""#, with: #""i":"c""#)])
        #expect((json["events"] as? [String: Int])?["trades"] == 2)
        #expect(json["decode_errors"] as? Int == 1)
    }

    @Test func `frames that are no JSON or of no known kind are counted, with a sample`() throws {
        let json = try replay([Self.snapshot(5), "{\"topic\":", #"{"topic":"weather.BTCUSDT","data":{}}"#])
        #expect(json["frames"] as? Int == 3)
        #expect(json["error_frames"] as? Int == 1)
        #expect(json["unknown"] as? Int == 1)
        #expect((json["unknown_samples"] as? [String])?.first?.contains("weather") == true)
    }

    @Test func `a failed checksum gaps the book, and the replay goes on`() throws {
        let scratch = try Scratch()
        let snapshot =
            #"{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":10.0,"qty":1.0}],"#
            + #""asks":[{"price":11.0,"qty":1.0}],"checksum":1}]}"#
        let path = try scratch.recording(
            of: FrameLines.lines([snapshot]),
            exchange: "kraken",
            market: "spot"
        )
        let run = try AtelierProcess(["replay", path, "--out", "rows", "--json"], in: scratch)
        #expect(run.code == 0)
        #expect((try run.json["checksums"] as? [String: Int]) == ["verified": 0, "failed": 1])
        let ledger = try String(contentsOfFile: scratch.file("rows/gaps.jsonl"), encoding: .utf8)
        #expect(ledger.contains("\"cause\":\"checksum\"") && ledger.contains("kraken/spot/BTC/USD"))
    }

    @Test func `an import says which lines are no frames`() throws {
        let scratch = try Scratch()
        let lines = [try FrameLines.line(1_000_000_000, Self.snapshot(5)), #"{"recv_ns":5,"conn":"ws"}"#]
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: scratch.file("in.jsonl")))
        let run = try AtelierProcess(
            ["import", "in.jsonl", "--out", "x.mcap", "--exchange", "bybit", "--market", "linear"],
            in: scratch
        )
        #expect(run.code == 3)
        #expect(run.errors.contains("line 2"), "\(run.errors)")
    }
}
