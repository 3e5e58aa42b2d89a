import Foundation
import Testing

/// A session simulated, served, recorded and replayed: what comes back is what went out.
@Suite("Simulate, serve, record, replay", .timeLimit(.minutes(20)), .serialized)
struct RoundTripTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private struct Venue: CustomStringConvertible {
        let name: String
        let market: String
        let symbols: String
        let depth: [String]
        /// Whether all that makes an event has a time of the venue's: receive times are others where it was served.
        var isTimed = true
        var description: String { "\(name)/\(market)" }
        var simulated: String { name == "bybit" ? description : name }
    }

    private static let venues = [
        Venue(name: "bybit", market: "linear", symbols: "BTCUSDT,ETHUSDT", depth: ["--depth", "50"]),
        Venue(name: "bybit", market: "inverse", symbols: "BTCUSD,ETHUSD", depth: ["--depth", "50"]),
        Venue(name: "bybit", market: "spot", symbols: "BTCUSDT,ETHUSDT", depth: ["--depth", "50"]),
        Venue(name: "coinbase", market: "spot", symbols: "BTC-USD,ETH-USD", depth: []),
        Venue(name: "kraken", market: "spot", symbols: "BTC/USD,ETH/USD", depth: ["--depth", "10"]),
        Venue(name: "okx", market: "multi", symbols: "BTC-USDT-SWAP,BTC-USDT", depth: []),
        Venue(name: "deribit", market: "multi", symbols: "BTC-PERPETUAL,BTC_USDC-PERPETUAL", depth: []),
        Venue(name: "bitfinex", market: "multi", symbols: "tBTCF0:USTF0,tBTCUSD", depth: ["--depth", "25"]),
        Venue(name: "bitmex", market: "multi", symbols: "XBTUSD,ETHUSDT", depth: [], isTimed: false),
    ]

    private func simulate(_ venue: Venue, _ frames: Int) throws -> String {
        let path = folder.file("simulated.mcap")
        let options = ["--venues", venue.simulated, "--frames", String(frames), "--seed", "5"]
        let run = try AtelierProcess(["simulate", "--out", path] + options, in: folder)
        #expect(run.code == 0, "\(run.errors)")
        return path
    }

    /// Serves a recording once to a recorder; the folder recorded into.
    private func record(
        _ path: String,
        _ venue: Venue,
        serve: [String] = [],
        record: [String] = [],
        scheme: String = "ws"
    ) throws -> (log: String, errors: String) {
        let server = try RunningProcess(
            AtelierProcess.binary,
            ["serve", path, "--speed", "max", "--once"] + serve,
            in: folder
        )
        let port = try server.first { line in line.split(separator: ":").last.flatMap { Int($0.dropLast()) } }
        let log = folder.file("log")
        let recorder = try RunningProcess(
            AtelierProcess.binary,
            [
                "record", "--out", log, "--exchange", venue.name, "--market", venue.market, "--symbols",
                venue.symbols, "--endpoint", "\(scheme)://127.0.0.1:\(port)/v5",
            ] + venue.depth + record,
            in: folder
        )
        #expect(server.wait() == 0)
        try recorder.waitForError("nothing listens")
        #expect(recorder.stop() == 0, "\(recorder.errors)")
        return (log, recorder.errors)
    }

    private func digest(_ path: String) throws -> String {
        let options = ["--time-basis", "exchange", "--hold-back", "5s", "--json"]
        let run = try AtelierProcess(["replay", path] + options, in: folder)
        let summary = try run.json
        #expect(summary["late_events"] as? Int == 0)
        #expect(summary["decode_errors"] as? Int == 0)
        return try #require(summary["content_digest"] as? String)
    }

    /// Market frames of a recording, in order, without those meant for one client.
    private func frames(_ path: String) throws -> [String] {
        let run = try AtelierProcess(["cat", path, "--json"], in: folder)
        #expect(run.code == 0, "\(run.errors)")
        return try run.lines.compactMap { line in
            guard let frame = line["text"] as? String, (line["topic"] as? String)?.hasSuffix("/in") == true,
                !frame.contains("\"success\":"), !frame.contains("pong"), !frame.contains("\"event\":"),
                !frame.contains("\"result\":"), !frame.contains("\"heartbeat\"")
            else { return nil }
            return frame
        }
    }

    private static func isSnapshot(_ frame: String) -> Bool {
        frame.contains("\"type\":\"snapshot\"") && !frame.contains("publicTrade")
            && !frame.contains("allLiquidation") && !frame.contains("tickers")
    }

    /// Frames except snapshots and tickers, which are repeated for each new subscription.
    private static func updates(_ frames: [String]) -> [String] {
        frames.filter { !isSnapshot($0) && !($0.contains("tickers") && $0.contains("\"snapshot\"")) }
    }

    /// How many snapshots of books there are.
    private static func snapshots(_ frames: [String]) -> Int { frames.count(where: isSnapshot) }

    private func files(_ log: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: log).filter { $0.hasSuffix(".mcap") }.sorted()
    }

    @Test("the same frames in the same order, and rows of equal content", arguments: venues)
    private func whole(venue: Venue) throws {
        let path = try simulate(venue, 2_000)
        let log = try record(path, venue).log
        let names = try files(log)
        #expect(names.count == 1)
        #expect(try frames("\(log)/\(names[0])") == frames(path))
        if venue.isTimed { #expect(try digest(log) == digest(path)) }
    }

    @Test(
        "over encrypted connections with forced disconnects no frame is lost and every book is mended",
        arguments: [venues[0], venues[3], venues[4]]
    )
    private func disconnects(venue: Venue) throws {
        let made = try RunningProcess(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "chain", "-days",
                "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
            ],
            in: folder
        )
        #expect(made.wait() == 0)
        let path = try simulate(venue, 2_000)
        let log = try record(
            path,
            venue,
            serve: ["--resume", "--fault", "close/300", "--cert", "chain", "--key", "key"],
            record: ["--ca", folder.file("chain")],
            scheme: "wss"
        ).log
        let name = try #require(files(log).first)
        let recorded = try frames("\(log)/\(name)")
        #expect(try Self.updates(recorded) == Self.updates(frames(path)))
        // A snapshot for each of two books at each of six reconnects.
        #expect(try Self.snapshots(recorded) == Self.snapshots(frames(path)) + 12)
        let run = try AtelierProcess(["replay", log, "--json"], in: folder)
        let summary = try run.json
        #expect((summary["checksums"] as? [String: Any])?["failed"] as? Int == 0)
        #expect((summary["sequences"] as? [String: Any])?["broken"] as? Int == 0)
    }

    @Test("rotation by size loses and doubles no frame, and each file starts its books")
    func rotation() throws {
        let venue = Self.venues[0]
        let path = try simulate(venue, 20_000)
        let log = try record(path, venue, record: ["--rotate-size", "100000", "--compression", "none"]).log
        let names = try files(log)
        #expect(names.count >= 4)
        var all: [String] = []
        for name in names {
            all += try frames("\(log)/\(name)")
            let check = try AtelierProcess(["verify", "\(log)/\(name)"], in: folder)
            #expect(check.code == 0, "\(check.output)")
        }
        #expect(try Self.updates(all) == Self.updates(frames(path)))
    }
}
