import Foundation
import Testing

/// Sessions described by a manifest: understood, refused in clear words, and recorded.
@Suite("Session manifests")
struct ManifestTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func run(
        _ text: String,
        _ more: [String] = [],
        command: String = "record"
    ) throws -> AtelierProcess {
        try Data(text.utf8).write(to: URL(filePath: folder.file("session.toml")))
        return try AtelierProcess([command, "--manifest", "session.toml"] + more, in: folder)
    }

    private static let sound = """
        [session]
        duration_hours = 0.001
        out = "log"

        [collect]
        exchange = "bybit"
        symbols = ["BTCUSDT"]
        [collect.reconnect]
        max_attempts = 1
        """

    @Test(
        "what makes no sense is refused with its line, what was found and what was expected",
        arguments: [
            (
                "symbols = [\"BTCUSDT\"]", "symbol_list = [\"BTCUSDT\"]",
                "session.toml:7: unknown key 'collect.symbol_list'; nearest: symbol"
            ),
            (
                "\"bybit\"", "\"bybitt\"",
                "session.toml:6: collect.exchange: unknown exchange 'bybitt'; nearest: bybit"
            ),
            ("\"bybit\"", "7", "session.toml:6: collect.exchange is 7; expected a text"),
            (
                "max_attempts = 1", "max_attempts = \"one\"",
                "session.toml:9: collect.reconnect.max_attempts is the text \"one\"; expected a whole number"
            ),
            (
                "max_attempts = 1", "jitter_factor = 1.5",
                "session.toml:9: collect.reconnect.jitter_factor is 1.5; expected a number from 0.0 to 1.0"
            ),
            (
                "0.001", "-2",
                "session.toml:2: session.duration_hours is -2; expected a length of time above zero"
            ),
            (
                "[collect.reconnect]", "[collect.recconect]",
                "unknown key 'collect.recconect'; nearest: reconnect"
            ),
            ("[collect]", "[colect]", "unknown key 'colect'; nearest: collect"),
            ("\"BTCUSDT\"]", "\"BTCUSDT\"", "session.toml:"),
            ("symbols = [\"BTCUSDT\"]", "market_type = \"lineal\"", "nearest: linear"),
            (
                "symbols = [\"BTCUSDT\"]", "symbols = []",
                "session.toml:7: collect.symbols: name at least one symbol"
            ),
            (
                "symbols = [\"BTCUSDT\"]", "symbols = [1]",
                "session.toml:7: collect.symbols is a list; expected a list of texts"
            ),
            (
                "symbols = [\"BTCUSDT\"]", "symbols = \"A\"\ndepth = 7",
                "session.toml:8: collect.depth: bybit offers books of 1, 50, 200, 1000 levels, found 7"
            ),
        ]
    )
    func refused(old: String, new: String, text: String) throws {
        let run = try run(Self.sound.replacingOccurrences(of: old, with: new))
        #expect(run.code == 2)
        #expect(run.errors.contains(text), "\(run.errors)")
        #expect(folder.contents(of: "log").isEmpty)
    }

    @Test("a manifest and flags that name feeds exclude each other")
    func twice() throws {
        let run = try run(Self.sound, ["--symbols", "ETHUSDT"])
        #expect(run.code == 2)
        #expect(run.errors.contains("name feeds in one way"))
    }

    @Test("a manifest that is not there is named")
    func missing() throws {
        let run = try AtelierProcess(["record", "--manifest", "none.toml"], in: folder)
        #expect(run.code == 2)
        #expect(run.errors.contains("none.toml"))
    }

    /// Serves a simulation until the test ends.
    private func server(_ venue: String) throws -> (process: RunningProcess, port: Int) {
        let arguments = ["serve", "--simulate", venue, "--speed", "20x", "--duration", "10m"]
        let process = try RunningProcess(AtelierProcess.binary, arguments, in: folder)
        let port = try process.first { line in line.split(separator: ":").last.flatMap { Int($0.dropLast()) }
        }
        return (process, port)
    }

    @Test(
        "several exchanges are recorded into one session, with rows, as the manifest says",
        .timeLimit(.minutes(20))
    )
    func several() throws {
        let (bybit, kraken) = (try server("bybit/linear"), try server("kraken"))
        let manifest = """
            [session]
            duration = "6s"
            out = "log"
            compression = "lz4"
            [collect]
            exchange = "bybit"
            symbols = ["BTCUSDT", "ETHUSDT"]
            depth = 50
            endpoint = "ws://127.0.0.1:\(bybit.port)/"
            [collect.datatypes]
            orderbook = true
            trades = true
            [collect.sync]
            sync_mode = "external"
            update_frequency = 1000
            [[collect.output]]
            type = "parquet"
            path = "rows"
            [[workers]]
            market_type = "linear"
            [[workers]]
            exchange = "kraken"
            market_type = "spot"
            symbols = ["BTC/USD"]
            depth = 10
            endpoint = "ws://127.0.0.1:\(kraken.port)/"
            """
        let run = try run(manifest, ["--json"], command: "live")
        #expect(run.code == 0, "\(run.errors)")
        let connections = try #require(run.json["connections"] as? [[String: Any]])
        #expect(connections.map { $0["name"] as? String } == ["bybit/linear", "kraken/spot"])
        #expect(connections.allSatisfy { ($0["frames"] as? Int ?? 0) > 20 })
        let name = try #require(folder.contents(of: "log").first { $0.hasSuffix(".mcap") })
        let info = try AtelierProcess(["info", "log/\(name)", "--json"], in: folder).json
        #expect((info["compression"] as? [String: Any])?.keys.contains("lz4") == true)
        let topics = (info["channels"] as? [[String: Any]] ?? []).compactMap { $0["topic"] as? String }
        #expect(topics.contains("/bybit/linear/c0/in"))
        #expect(topics.contains("/kraken/spot/c1/in"))
        #expect(folder.contents(of: "rows").contains { $0.contains("aggregates/") })
    }

    @Test(
        "feeds named by flags go to one connection each, and addresses to their exchanges",
        .timeLimit(.minutes(20))
    )
    func flags() throws {
        let (bybit, kraken) = (try server("bybit/spot"), try server("kraken"))
        let run = try AtelierProcess(
            [
                "record", "--out", "log", "--feed", "bybit/spot:BTCUSDT", "--feed", "kraken:BTC/USD,ETH/USD",
                "--endpoint", "bybit=ws://127.0.0.1:\(bybit.port)/", "--endpoint",
                "kraken=ws://127.0.0.1:\(kraken.port)/", "--kinds", "trades", "--duration", "5s", "--json",
            ],
            in: folder
        )
        #expect(run.code == 0, "\(run.errors)")
        let connections = try #require(run.json["connections"] as? [[String: Any]])
        #expect(connections.map { $0["name"] as? String } == ["bybit/spot", "kraken/spot"])
        #expect(connections.allSatisfy { ($0["frames"] as? Int ?? 0) > 2 })
    }
}
