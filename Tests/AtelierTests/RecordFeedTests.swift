import Foundation
import Testing

/// Subscriptions that bring no data, over real sockets: requested again, or reported.
@Suite("Feeds that do not come", .enabled(if: Python.any != nil), .timeLimit(.minutes(20)))
struct RecordFeedTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    /// The outcome of a session against a venue with one behaviour.
    private struct Session {
        var code: Int32
        var errors: String
        var connection: [String: Any]
        var statuses: [[String: Any]] = []
        var received: [String] = []
        var ledger: [[String: Any]] = []
        var requests: [[String: Any]] = []

        func names(_ key: String) -> [String] { connection[key] as? [String] ?? [] }

        /// The topics and reasons of statuses of a state.
        func told(_ state: String) -> [String] {
            statuses.filter { $0["state"] as? String == state }.map {
                "\($0["topic"] as? String ?? "") \($0["reason"] as? String ?? "")"
            }
        }

        /// Gaps that were opened and never closed.
        var openGaps: [String] {
            let closed = Set(
                ledger.filter { $0["event"] as? String == "closed" }.compactMap { $0["id"] as? String }
            )
            return ledger.filter { $0["event"] as? String == "opened" }
                .filter { !closed.contains($0["id"] as? String ?? "") }.compactMap {
                    $0["subject"] as? String
                }
        }
    }

    private func symbol(_ name: String, _ exchange: String) -> String {
        ["bybit": name, "kraken": "\(name)/USD", "coinbase": "\(name)-USD"][exchange] ?? name
    }

    private func objects(_ text: String) -> [[String: Any]] {
        text.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    private func record(
        _ exchange: String,
        _ mode: String,
        seconds: Int,
        symbols: [String] = ["GOOD"],
        _ options: [String] = []
    ) throws -> Session {
        let python = try #require(Python.any)
        let server = try RunningProcess(
            python,
            [Python.script("venue_server.py"), exchange, mode],
            in: folder
        )
        let port = try server.first { line in objects(line).first?["port"] as? Int }
        let run = try AtelierProcess(
            [
                "record", "--out", folder.file("log"), "--exchange", exchange, "--no-definitions", "--json",
                "--symbols", symbols.map { symbol($0, exchange) }.joined(separator: ","), "--kinds",
                "book,trades",
                "--endpoint", "ws://127.0.0.1:\(port)/", "--duration", "\(seconds)s",
            ] + (exchange == "bybit" ? ["--depth", "50"] : []) + options,
            in: folder
        )
        let connection = try #require((run.json["connections"] as? [[String: Any]])?.first)
        var session = Session(code: run.code, errors: run.errors, connection: connection)
        session.requests = objects(server.output).filter { $0["operation"] != nil }
        session.ledger = objects(try String(contentsOfFile: folder.file("log/gaps.jsonl"), encoding: .utf8))
        for name in folder.contents(of: "log") where name.hasSuffix(".mcap") {
            for line in try AtelierProcess(["cat", folder.file("log/\(name)"), "--json"], in: folder).lines {
                guard let topic = line["topic"] as? String, let text = line["text"] as? String else {
                    continue
                }
                if topic.hasSuffix("/in") { session.received.append(text) }
                if topic.hasSuffix("/status") { session.statuses += objects(text) }
            }
        }
        return session
    }

    private static let venues = ["bybit", "kraken", "coinbase"]

    @Test(
        "a book that is acknowledged and never speaks is silent, and the session says so",
        arguments: venues
    )
    func silent(exchange: String) throws {
        let session = try record(exchange, "silent", seconds: 3, ["--gap-threshold", "1s"])
        let topic = "book/\(symbol("GOOD", exchange))"
        #expect(session.code == 3)
        #expect(session.told("silent") == ["\(topic) "])
        #expect(session.errors.contains("acknowledged, but no frame came: \(topic)"))
        #expect(session.names("without_data") == [topic])
    }

    @Test("a connection that acknowledges everything and sends nothing ends with code 3", arguments: venues)
    func mute(exchange: String) throws {
        let session = try record(exchange, "mute", seconds: 2)
        #expect(session.code == 3)
        #expect(session.errors.contains("was connected and sent no data"))
    }

    @Test("what flows needs no acknowledgement", arguments: venues)
    func unheard(exchange: String) throws {
        let session = try record(exchange, "unheard", seconds: 2)
        #expect(session.code == 0, "\(session.errors)")
        #expect(session.names("unacknowledged").isEmpty)
    }

    @Test("what is never acknowledged and never comes is asked for again, and named", arguments: venues)
    func ignored(exchange: String) throws {
        let session = try record(exchange, "ignored", seconds: 7)
        let good = symbol("GOOD", exchange)
        #expect(session.code == 3)
        #expect(session.names("unacknowledged") == ["book/\(good)", "trades/\(good)"])
        #expect(
            session.errors.contains("never acknowledged, and no frame came: book/\(good), trades/\(good)")
        )
        let topics = session.requests.flatMap { $0["topics"] as? [String] ?? [] }
        #expect(topics.count { $0.contains("rade") } == 2)
    }

    @Test("deltas without a snapshot after a reconnect lead to one", arguments: venues)
    func deltas(exchange: String) throws {
        let session = try record(exchange, "deltas", seconds: 5)
        let good = symbol("GOOD", exchange)
        #expect(session.code == 0, "\(session.errors)")
        #expect(session.told("resync") == ["book/\(good) noSnapshot"])
        #expect(session.openGaps.isEmpty)
        let snapshots = session.received.indices.filter { session.received[$0].contains("snapshot\",\"") }
        #expect(snapshots.count >= 2)
        let subject = session.ledger.compactMap { $0["subject"] as? String }
        #expect(subject.contains { $0.hasSuffix("/c0") } && subject.contains { $0.hasSuffix("book/\(good)") })
    }

    @Test(
        "a resync that is refused, or brings no snapshot, is made again and then by a reconnect",
        arguments: venues,
        ["refused", "answered"]
    )
    func resyncs(exchange: String, mode: String) throws {
        let session = try record(exchange, mode, seconds: 10)
        #expect(session.code == 0, "\(session.errors)")
        #expect(session.openGaps.isEmpty)
        let cause = exchange == "kraken" ? "checksum" : "sequence"
        let resyncs = session.told("resync")
        #expect(resyncs.count == (exchange == "coinbase" ? 1 : 3), "\(resyncs)")
        #expect(resyncs.allSatisfy { $0 == "book/\(symbol("GOOD", exchange)) \(cause)" })
        #expect(session.connection["reconnects"] as? Int == 1)
    }

    @Test(
        "one refused symbol costs no other, whether it is named or not",
        arguments: venues,
        ["bad", "unnamed"]
    )
    func bad(exchange: String, mode: String) throws {
        let session = try record(exchange, mode, seconds: 4, symbols: ["GOOD", "BAD", "FINE"])
        let bad = symbol("BAD", exchange)
        #expect(session.code == 3)
        #expect(
            session.told("rejected").map { $0.split(separator: " ")[0] }.sorted() == [
                "book/\(bad)", "trades/\(bad)",
            ]
        )
        #expect(session.errors.contains("the venue refused book/\(bad): error:"))
        #expect(session.errors.contains("refused, hence not recorded: book/\(bad), trades/\(bad)"))
        for good in ["GOOD", "FINE"] {
            let name = symbol(good, exchange)
            #expect(session.told("subscribed").contains("book/\(name) "))
            #expect(session.told("subscribed").contains("trades/\(name) "))
        }
        let refused = session.connection["refused"] as? [[String: Any]] ?? []
        #expect(refused.compactMap { $0["topic"] as? String } == ["book/\(bad)", "trades/\(bad)"])
    }

    @Test("a venue that refuses everything ends the session with code 1", arguments: venues)
    func nothing(exchange: String) throws {
        let session = try record(exchange, "nothing", seconds: 30)
        #expect(session.code == 1)
        #expect(session.errors.contains("refused what was asked for; no data came"))
    }

    @Test("requests that are refused for rate are made again until all feeds are live", arguments: venues)
    func rate(exchange: String) throws {
        let count = ["bybit": 20, "kraken": 250, "coinbase": 3][exchange] ?? 1
        let symbols = (0..<count).map { "S\($0)" }
        let session = try record(exchange, "rate", seconds: 12, symbols: symbols)
        #expect(session.code == 0, "\(session.errors)")
        #expect(session.told("subscribed").count == 2 * count)
        #expect(session.told("rejected").count >= 1)
    }

    @Test("symbols nobody asked for are counted, and nothing is sent because of them", arguments: venues)
    func evil(exchange: String) throws {
        let session = try record(exchange, "evil", seconds: 3)
        #expect(session.code == 0, "\(session.errors)")
        #expect(!session.requests.contains { "\($0)".contains("EVIL") })
        #expect(session.told("resync").isEmpty && session.openGaps.isEmpty)
        #expect(session.connection["gaps"] as? Int == 0)
        #expect(session.connection["unknown"] as? Int ?? 0 > 10)
    }

    @Test("refusals of nothing that was asked are summed up", arguments: ["bybit", "kraken"])
    func flood(exchange: String) throws {
        let session = try record(exchange, "flood", seconds: 6)
        #expect(session.code == 0, "\(session.errors.prefix(2_000))")
        #expect(session.connection["rejections"] as? Int == 5_000)
        #expect(session.errors.split(separator: "\n").count < 20)
        #expect(session.told("rejected").count <= 10)
    }
}
