import Foundation
import Testing

/// `bench` reports what it measured, and refuses what cannot be measured.
struct BenchTests {
    private static let short = ["--repeats", "1", "--frames", "400"]
    private static let stages = ["decompress", "decode", "book", "synchronize", "aggregate", "write"]

    private func check(_ clock: [String: Any]) throws {
        #expect(try #require(clock["events"] as? Int) > 100)
        #expect(try #require(clock["events_per_second"] as? Double) > 0)
        let times = try #require(clock["ns_per_event"] as? [String: Double])
        #expect(try #require(times["p50"]) > 0)
        #expect(try #require(times["p99"]) >= #require(times["p50"]))
        let peak = try #require(
            clock["peak_bytes"] as? String ?? (clock["peak_bytes"] as? Int).map { "\($0)" }
        )
        #expect(try #require(Int(peak)) > 1 << 20)
        let threads = try #require(clock["threads"] as? [[String: Any]])
        #expect(threads.first?["threads"] as? Int == 1)
        let rates = threads.compactMap { $0["frames_per_second"] as? Double }
        #expect(rates.count == threads.count && rates.allSatisfy { $0 > 0 })
        #expect(clock["frames_per_second"] as? Double == rates.first)
        let bound = try #require(clock["bound_frames_per_second"] as? Double)
        let share = try #require(clock["share_of_bound"] as? Double)
        #expect(bound > 0 && abs(share - (rates.first ?? 0) / bound) < 0.001)
        let stages = try #require(clock["stages"] as? [String: Double])
        #expect(Set(stages.keys) == Set(BenchTests.stages))
        // A clock that never moved made no rows to aggregate or write.
        let idle = clock["rows"] as? Int == 0 ? ["aggregate", "write"] : []
        #expect(stages.allSatisfy { $0.value > 0 || idle.contains($0.key) }, "\(stages)")
    }

    @Test func `one clock on a recording is one object`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("bybit-linear")
        let run = try AtelierProcess(
            ["bench", path, "--clock", "orderbook-driven", "--json"] + BenchTests.short,
            in: scratch
        )
        #expect(run.code == 0, "\(run.errors)")
        let object = try run.json
        #expect(object["clock"] as? String == "orderbook-driven")
        #expect(object["source"] as? String == path)
        #expect(object["frames"] as? Int == 400)
        #expect(object["is_cut"] as? Bool == true)
        #expect(object["machine"] is [String: Any])
        try check(object)
        #expect(scratch.contents(of: ".") == ["bybit-linear.mcap"])
    }

    @Test func `all clocks on a generated session are one object, in their order`() throws {
        let scratch = try Scratch()
        let run = try AtelierProcess(["bench", "--json"] + BenchTests.short, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let object = try run.json
        let clocks = try #require(object["clocks"] as? [[String: Any]])
        let names = ["orderbook-driven", "trade-driven", "liquidation-driven", "external"]
        #expect(clocks.map { $0["clock"] as? String } == names)
        for clock in clocks { try check(clock) }
        #expect((object["source"] as? String)?.contains("seed 1") == true)
    }

    @Test func `the table says on what`() throws {
        let scratch = try Scratch()
        let path = try scratch.recording("kraken")
        let run = try AtelierProcess(["bench", path, "--clock", "external"] + BenchTests.short, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        for text in [
            "kraken.mcap", "400 frames", "machine", "median of 1 runs", "external", "ns/event p50",
            "1 thread",
            "bound", "share",
        ] {
            #expect(run.output.contains(text), "\(text): \(run.output)")
        }
    }

    @Test(arguments: [
        (["nothere.mcap"], Int32(1), "nothere.mcap"), (["tale.mcap"], 1, "not an MCAP file"),
        (["acks.mcap"], 1, "nothing to measure"), (["--repeats", "0"], 2, "--repeats"),
        (["--frames", "0"], 2, "--frames"), (["--period", "0s"], 2, "period"),
        (["--clock", "lunar"], 2, "'lunar' is invalid"), (["--depth", "0"], 2, "depth"),
    ])
    func `what cannot be measured is refused`(_ arguments: [String], _ code: Int32, _ text: String) throws {
        let scratch = try Scratch()
        try Data("once upon a time".utf8).write(to: URL(filePath: scratch.file("tale.mcap")))
        let acks = try FrameLines.lines([#"{"success":true,"ret_msg":"","op":"subscribe","conn_id":"x"}"#])
        let made = try scratch.recording(of: acks, exchange: "bybit", market: "linear")
        try FileManager.default.moveItem(atPath: made, toPath: scratch.file("acks.mcap"))
        let run = try AtelierProcess(["bench"] + arguments, in: scratch)
        #expect(run.code == code, "\(run.errors)")
        #expect(run.errors.contains(text), "\(run.errors)")
        #expect(run.output.isEmpty)
    }
}
