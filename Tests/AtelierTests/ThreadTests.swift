import Foundation
import Testing

/// The number of threads changes no byte.
struct ThreadTests {
    private static let venues =
        "binance/linear,binance/spot,bitfinex,bitmex,bybit/linear,bybit/spot,coinbase,deribit,hyperliquid,kraken,"
        + "kraken-futures,okx"

    /// What a replay says and writes; without the numbers of its time.
    private func outcome(_ arguments: [String], threads: Int, in scratch: Scratch) throws -> [String: Data] {
        let out = "out-\(threads)"
        let run = try AtelierProcess(
            ["replay", "--json", "--out", out, "--force", "--threads", "\(threads)"] + arguments,
            in: scratch
        )
        #expect(run.code == 0, "\(run.errors)")
        var json = try run.json
        for name in ["seconds", "frames_per_second", "files", "out"] { json[name] = nil }
        var found = ["summary": try JSONSerialization.data(withJSONObject: json, options: .sortedKeys)]
        for file in scratch.contents(of: out) {
            found[file] = FileManager.default.contents(atPath: scratch.file("\(out)/\(file)"))
        }
        return found
    }

    @Test(arguments: [
        ["--clock", "trade-driven"], ["--clock", "orderbook-driven"], ["--clock", "external"],
        ["--clock", "liquidation-driven"], ["--clock", "trade-driven", "--clock-scope", "global"],
        ["--clock", "trade-driven", "--time-basis", "exchange", "--hold-back", "200ms"],
        ["--clock", "trade-driven", "--bars", "tick:20"],
    ])
    func `sessions of all venues with all faults give the same summary and files`(_ plan: [String]) throws {
        let scratch = try Scratch()
        let paths = try (1...2).map { part in
            let path = "session-\(part).mcap"
            let made = try AtelierProcess(
                [
                    "simulate", "--out", path, "--venues", ThreadTests.venues, "--seed", "\(part)",
                    "--frames", "6000",
                    "--faults", "all", "--start", "2026-03-0\(part)",
                ],
                in: scratch
            )
            #expect(made.code == 0, "\(made.errors)")
            return path
        }
        let expected = try outcome(paths + plan, threads: 1, in: scratch)
        #expect(expected.count > 3)
        for threads in [2, 5] {
            let found = try outcome(paths + plan, threads: threads, in: scratch)
            #expect(found.keys.sorted() == expected.keys.sorted())
            for (file, bytes) in found {
                let isSame = bytes == expected[file]
                #expect(isSame, "\(file) with \(threads) threads")
            }
        }
    }
}
