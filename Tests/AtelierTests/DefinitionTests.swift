import Foundation
import Testing

/// Definitions in a recording: they change no row, `replay` shows them, and features in ticks need them.
@Suite("Recorded definitions")
struct RecordedDefinitionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let reply =
        #"{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"symbol":"BTCUSDT","#
        + #""contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","#
        + #""priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"minOrderQty":"0.001","qtyStep":"0.001"}},"#
        + #"{"symbol":"SOLUSDT","contractType":"LinearPerpetual","priceFilter":{"tickSize":"0.01"}},"#
        + #"{"symbol":"NEVERSEEN","priceFilter":{"tickSize":"3"}}],"nextPageCursor":""}}"#

    /// A sample of the project as lines, and the connection and time of the first.
    private func sample(_ name: String) throws -> (lines: [String], connection: String, time: String) {
        let path = "\(AtelierProcess.package)/Recordings/\(name).jsonl.gz"
        let unpacked = try RunningProcess("/bin/sh", ["-c", "gzip -dc \(path) > sample"], in: scratch)
        #expect(unpacked.wait() == 0)
        let text = try String(contentsOfFile: scratch.file("sample"), encoding: .utf8)
        let lines = text.split(separator: "\n").map(String.init)
        let first = try JSONSerialization.jsonObject(with: Data(#require(lines.first).utf8)) as? [String: Any]
        let time = try #require(first?["recv_ns"] as? Int)
        return (lines, try #require(first?["conn"] as? String), String(time))
    }

    private func line(
        _ text: String,
        _ direction: String,
        _ at: (connection: String, time: String)
    ) throws -> String {
        let frame = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        return #"{"recv_ns":\#(at.time),"conn":"\#(at.connection)","dir":"\#(direction)","frame":\#(frame)}"#
    }

    private func with(_ name: String, _ text: String, _ direction: String, market: String) throws -> String {
        let (lines, connection, time) = try sample(name)
        let added = try line(text, direction, (connection, time))
        return try scratch.recording(
            of: [added] + lines,
            exchange: String(name.prefix { $0 != "-" }),
            market: market
        )
    }

    private func replay(_ path: String, _ options: [String]) throws -> [String: Any] {
        let run = try AtelierProcess(["replay", path, "--json"] + options, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        return try run.json
    }

    @Test(arguments: ["trade-driven", "orderbook-driven", "liquidation-driven", "external"])
    func `a recorded reply changes neither rows nor counts`(clock: String) throws {
        let bare = try replay(scratch.recording("bybit-linear"), ["--clock", clock])
        let told = try replay(
            with("bybit-linear", Self.reply, "http", market: "linear"),
            ["--clock", clock]
        )
        for key in ["digest", "content_digest"] {
            #expect(bare[key] as? String == told[key] as? String)
        }
        for key in ["frames", "ignored", "unknown", "error_frames", "rows", "gaps"] {
            #expect(bare[key] as? Int == told[key] as? Int, "\(key)")
        }
    }

    @Test func `replay tells the definition of each instrument, or null`() throws {
        let told = try replay(with("bybit-linear", Self.reply, "http", market: "linear"), [])
        let instruments = try #require(told["instruments"] as? [[String: Any]])
        #expect(instruments.map { $0["symbol"] as? String } == ["BTCUSDT", "SOLUSDT"])
        let first = try #require(instruments[0]["definition"] as? [String: Any])
        #expect(first["tick_size"] as? String == "0.10" && first["size_step"] as? String == "0.001")
        #expect(first["contract"] as? String == "perpetual" && first["base"] as? String == "BTC")
        let bare = try replay(scratch.recording("bybit-linear"), [])
        let none = try #require(bare["instruments"] as? [[String: Any]])
        #expect(none.allSatisfy { $0["definition"] is NSNull })
    }

    @Test func `Kraken's channel is ignored by name and changes no row`() throws {
        let frame =
            #"{"channel":"instrument","type":"snapshot","data":{"assets":[],"pairs":[{"symbol":"BTC/USD","#
            + #""status":"online","qty_increment":1e-08,"price_increment":0.1,"qty_min":0.0001}]}}"#
        let options = ["--clock", "trade-driven"]
        let bare = try replay(scratch.recording("kraken"), options)
        let told = try replay(with("kraken", frame, "in", market: "spot"), options)
        #expect(bare["digest"] as? String == told["digest"] as? String)
        #expect(try #require(told["ignored"] as? Int) == #require(bare["ignored"] as? Int) + 1)
        #expect(told["unknown"] as? Int == 0)
        let instruments = try #require(told["instruments"] as? [[String: Any]])
        let first = instruments.first { $0["symbol"] as? String == "BTC/USD" }
        #expect((first?["definition"] as? [String: Any])?["tick_size"] as? String == "0.1")
    }

    private func build(_ path: String, _ out: String) throws -> AtelierProcess {
        try AtelierProcess(
            [
                "dataset", "build", path, "--features", "book:2:ticks", "--clock", "orderbook-driven",
                "--split", "none", "--audit", "2", "--out", out,
            ],
            in: scratch
        )
    }

    @Test func `a set in ticks is built, audited and told apart from one without definitions`() throws {
        let told = try build(with("bybit-linear", Self.reply, "http", market: "linear"), "set")
        #expect(told.code == 0, "\(told.errors)")
        let card = try String(contentsOfFile: scratch.file("set/README.md"), encoding: .utf8)
        #expect(card.contains("bid_px_00_ticks"))
        let verify = try AtelierProcess(["dataset", "verify", "set"], in: scratch)
        #expect(verify.code == 0, "\(verify.errors)")
        let bare = try build(scratch.recording("bybit-linear"), "bare")
        #expect(bare.code == 1)
        let refusal = "bid_px_00_ticks: the recordings hold no definition of bybit/linear/BTCUSDT"
        #expect(bare.errors.contains(refusal))
        #expect(bare.errors.contains("basis points"))
    }

    @Test func `a simulated session can begin with definitions, and has the same rows then`() throws {
        let base = [
            "simulate", "--venues", "bybit/linear,coinbase,kraken", "--duration", "20s", "--seed", "4",
        ]
        let bare = try AtelierProcess(base + ["--out", "bare.mcap"], in: scratch)
        let told = try AtelierProcess(base + ["--out", "told.mcap", "--definitions"], in: scratch)
        #expect(bare.code == 0 && told.code == 0, "\(told.errors)")
        let without = try replay("bare.mcap", ["--clock", "trade-driven"])
        let with = try replay("told.mcap", ["--clock", "trade-driven"])
        #expect(without["digest"] as? String == with["digest"] as? String)
        // Kraken's acknowledgement and snapshot.
        #expect(try #require(with["ignored"] as? Int) == #require(without["ignored"] as? Int) + 2)
        #expect(with["unknown"] as? Int == 0)
        let instruments = try #require(with["instruments"] as? [[String: Any]])
        let ticks = instruments.map { one in
            "\(one["symbol"] ?? "") \((one["definition"] as? [String: Any])?["tick_size"] ?? "none")"
        }
        #expect(
            ticks.sorted() == [
                "BTC-USD 0.01", "BTC/USD 0.1", "BTCUSDT 0.10", "ETH-USD 0.01", "ETH/USD 0.01", "ETHUSDT 0.01",
            ]
        )
        let verify = try AtelierProcess(["verify", "told.mcap"], in: scratch)
        #expect(verify.code == 0, "\(verify.output)")
        let lines = try AtelierProcess(base + ["--out", "x.jsonl", "--definitions"], in: scratch)
        #expect(lines.code == 2 && lines.errors.contains("ends with .mcap"))
    }
}
