import Foundation
import Testing

/// A popular client library against `serve`, which it accepts as the exchange.
@Suite("A real client library", .enabled(if: Python.hasClientLibrary), .timeLimit(.minutes(20)))
struct ClientLibraryTests {
    @Test(
        "ccxt subscribes, follows the book by its own rules and takes the trades",
        arguments: [
            ("bybit", "bybit/linear"), ("kraken", "kraken"), ("coinbase", "coinbase"),
            ("binance-spot", "binance/spot"), ("binance-linear", "binance/linear"),
            ("binance-inverse", "binance/inverse"),
        ]
    )
    func ccxt(venue: String, simulated: String) throws {
        let folder = try Scratch()
        let depth = venue == "kraken" ? "10" : "50"
        let server = try RunningProcess(
            AtelierProcess.binary,
            ["serve", "--simulate", simulated, "--speed", "20x", "--depth", depth],
            in: folder
        )
        let port = try server.first { line in line.split(separator: ":").last.flatMap { Int($0.dropLast()) } }
        let python = try #require(Python.withPackages)
        let client = try RunningProcess(
            python,
            [Python.script("ccxt_client.py"), venue, String(port)],
            in: folder
        )
        #expect(client.wait() == 0, "\(client.errors)")
        let seen = try JSONSerialization.jsonObject(with: Data(client.output.utf8)) as? [String: Int]
        #expect(try #require(seen?["books"]) >= 200)
        #expect(try #require(seen?["trades"]) >= 20)
        // Those are of messages: the first is of the seed, and more where frames were read late.
        guard venue.hasPrefix("binance") else { return }
        #expect(try #require(seen?["equal_books"]) >= 190)
        #expect(seen?["equal_trades"] == seen?["trades"])
    }

    @Test(
        "ccxt reads the same tick sizes and steps of served definitions as a recording of them holds",
        arguments: [
            ("bybit", "linear", "BTCUSDT,ETHUSDT"), ("bybit", "inverse", "BTCUSD,ETHUSD"),
            ("bybit", "spot", "BTCUSDT,ETHUSDT"), ("coinbase", "spot", "BTC-USD,ETH-USD"),
        ]
    )
    func definitions(venue: String, market: String, symbols: String) throws {
        let folder = try Scratch()
        let simulated = venue == "bybit" ? "bybit/\(market)" : venue
        let server = try RunningProcess(
            AtelierProcess.binary,
            ["serve", "--simulate", simulated, "--speed", "20x"],
            in: folder
        )
        let port = try server.first { line in line.split(separator: ":").last.flatMap { Int($0.dropLast()) } }
        let python = try #require(Python.withPackages)
        let script = [Python.script("ccxt_definitions.py"), venue, market, String(port)]
        let client = try RunningProcess(python, script, in: folder)
        let record = try AtelierProcess(
            [
                "record", "--out", "log", "--feed", "\(venue)/\(market):\(symbols)", "--kinds", "book,trades",
                "--endpoint", "ws://127.0.0.1:\(port)", "--rest-endpoint", "http://127.0.0.1:\(port)",
                "--duration", "2500ms",
            ] + (venue == "bybit" ? ["--depth", "50"] : []),
            in: folder
        )
        #expect(record.code == 0, "\(record.errors)")
        #expect(client.wait() == 0, "\(client.errors)")
        let read = try JSONSerialization.jsonObject(with: Data(client.output.utf8)) as? [String: [Double]]
        let theirs = try #require(read)
        let replay = try AtelierProcess(["replay", "log", "--json"], in: folder).json
        let ours = try #require(replay["instruments"] as? [[String: Any]])
        #expect(Set(ours.compactMap { $0["symbol"] as? String }) == Set(theirs.keys))
        for one in ours {
            let definition = try #require(one["definition"] as? [String: Any])
            let values = ["tick_size", "size_step"].map { Double(definition[$0] as? String ?? "") }
            #expect(values == theirs[one["symbol"] as? String ?? ""], "\(one)")
        }
    }

    @Test("Python's websockets gets its acks and pongs and what it subscribed, in order, and nothing else")
    func websockets() throws {
        let folder = try Scratch()
        let server = try RunningProcess(
            AtelierProcess.binary,
            ["serve", "--simulate", "bybit/linear", "--speed", "20x", "--depth", "50"],
            in: folder
        )
        let port = try server.first { line in line.split(separator: ":").last.flatMap { Int($0.dropLast()) } }
        let python = try #require(Python.withPackages)
        let client = try RunningProcess(
            python,
            [Python.script("websockets_client.py"), String(port)],
            in: folder
        )
        #expect(client.wait() == 0, "\(client.errors)")
        let seen = try JSONSerialization.jsonObject(with: Data(client.output.utf8)) as? [String: Any]
        #expect(seen?["topics"] as? [String] == ["orderbook.50.BTCUSDT", "publicTrade.ETHUSDT"])
        #expect(seen?["acks"] as? Int == 1 && seen?["refusals"] as? Int == 1 && seen?["pongs"] as? Int == 1)
    }
}
