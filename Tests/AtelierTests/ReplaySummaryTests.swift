import Foundation
import Testing

/// The output of `replay --json`.
struct ReplaySummaryTests {
    @Test func `the summary has the keys that machines rely on`() throws {
        let scratch = try Scratch()
        let run = try AtelierProcess(["replay", scratch.recording("kraken"), "--json"], in: scratch)
        #expect(run.code == 0)
        let json = try run.json
        let promised: Set = [
            "frames", "events", "snapshot_trades", "decoded_frames", "ignored", "unknown", "error_frames",
            "decode_errors", "rows", "partial_rows", "late_events", "late_states", "before_first_row",
            "bad_time", "duplicate_trades", "gaps", "jumps", "suggested_hold_back_ns", "checksums",
            "sequences", "instruments", "digest", "content_digest", "seconds", "frames_per_second",
        ]
        #expect(promised.isSubset(of: Set(json.keys)))
        let events = try #require(json["events"] as? [String: Int])
        #expect(
            Set(events.keys) == [
                "book_snapshots", "book_deltas", "trades", "liquidations", "funding_rates", "open_interest",
            ]
        )
        #expect(json["suggested_hold_back_ns"] is String)
        let instrument = try #require((json["instruments"] as? [[String: Any]])?.first)
        #expect(
            Set(instrument.keys).isSuperset(of: ["exchange", "market", "symbol", "rows", "trades", "book"])
        )
        let book = try #require(instrument["book"] as? [String: Any])
        #expect(Set(book.keys) == ["state", "bids", "asks", "best_bid", "best_ask", "crossed_seen"])
        #expect((book["best_bid"] as? [String])?.count == 2)
    }

    @Test(arguments: ["bybit-linear", "bybit-spot", "bybit-inverse", "coinbase", "kraken"])
    func `frames add up, and so do trades`(_ sample: String) throws {
        let scratch = try Scratch()
        let path = try scratch.recording(sample)
        let json = try AtelierProcess(["replay", path, "--out", "rows", "--json"], in: scratch).json
        let count = { (key: String) -> Int in json[key] as? Int ?? -1 }
        #expect(
            count("frames") == count("decoded_frames") + count("ignored") + count("unknown")
                + count("error_frames")
        )
        let events = try #require(json["events"] as? [String: Int])
        let printed = try AtelierProcess(["cat", path, "--events", "--json"], in: scratch).lines
        let byType = Dictionary(grouping: printed) { $0["type"] as? String ?? "" }.mapValues(\.count)
        #expect(byType["trade"] == events["trades"])
        #expect(byType["book_delta"] == events["book_deltas"])
        #expect(byType["book_snapshot"] == events["book_snapshots"])
        let instruments = try #require(json["instruments"] as? [[String: Any]])
        let ofInstruments = instruments.reduce(0) { $0 + ($1["trades"] as? Int ?? 0) }
        #expect(
            try #require(events["trades"]) == ofInstruments + count("snapshot_trades")
                + count("duplicate_trades")
        )
    }

    @Test func `text says the same in words`() throws {
        let scratch = try Scratch()
        let run = try AtelierProcess(["replay", scratch.recording("kraken"), "--digest"], in: scratch)
        #expect(run.code == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.contains("kraken/spot/BTC/USD"))
        #expect(run.output.contains("content digest"))
    }

    @Test func `a digest is expected or refused`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        let json = try AtelierProcess(["replay", path, "--json"], in: scratch).json
        for key in ["digest", "content_digest"] {
            let digest = try #require(json[key] as? String)
            #expect(try AtelierProcess(["replay", path, "--expect", digest], in: scratch).code == 0)
            #expect(
                try AtelierProcess(["replay", path, "--expect", digest.uppercased()], in: scratch).code == 0
            )
        }
        let wrong = String(repeating: "0", count: 64)
        let refused = try AtelierProcess(["replay", path, "--expect", wrong], in: scratch)
        #expect(refused.code == 3)
        #expect(refused.errors.contains("expected \(wrong)"))
        #expect(try AtelierProcess(["replay", path, "--expect", "12"], in: scratch).code == 2)
    }
}
