import Capture
import Exchanges
import FakeExchange
import Features
import Foundation
import MarketModel
import Pipeline
import Recording
import Replay
import Rows
import Simulation
import Synchronizer
import Testing

/// Simulated sessions of Bitfinex served and recorded: a pair and two contracts on one connection.
@Suite("Bitfinex simulated, served and recorded", .timeLimit(.minutes(20)))
struct BitfinexServedTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "bitfinex-\(UUID().uuidString)"
    ).path()
    private static let symbols = ["tBTCUSD", "tBTCF0:USTF0", "tETHF0:USTF0"]

    private struct Session {
        var counts = CaptureCounts()
        var found = BookFindings()
        /// The trades of the simulation.
        var expected = BookFindings()
        var summary: ReplaySummary?
        var statuses: [StatusRecord] = []
        var frames: [String] = []
        var sent: [String] = []
    }

    private func record(_ faults: [String], seconds: Int64 = 1) throws -> Session {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let venue = try SimulationPlan.Venue(
            exchange: "bitfinex",
            market: .multi,
            symbols: Self.symbols,
            depth: 250
        )
        var plan = SimulationPlan(seed: 9, venues: [venue])
        plan.duration = seconds * 20 * UnixTime.second
        var options = FakeExchangeOptions(exchange: "bitfinex", market: Market.multi.rawValue)
        (options.speed, options.resumes) = (20, true)
        options.faults = try faults.map { try #require(ServedFault($0)) }
        options.definitions = ServedDefinitions(simulating: venue)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        var connection = CapturePlan.Connection(
            exchange: .bitfinex,
            market: .multi,
            subscriptions: Self.symbols.map { Subscription(Bitfinex().kinds, symbol: $0) }
        )
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        let recorder = try CaptureSession(CapturePlan(connections: [connection], folder: folder)) { _ in }
        try recorder.begin()
        for _ in 0..<1_500 where !server.currentCounts().isOver { usleep(20_000) }
        usleep(500_000)
        var session = Session()
        session.counts = recorder.end()
        _ = server.stop()
        try read(&session)
        session.expected = try BookFindings.reference(plan, .bitfinex, .multi)
        return session
    }

    private func read(_ session: inout Session) throws {
        let options = ReplayOptions(synchronizer: SynchronizerOptions(clock: .external))
        var replay = try Replay(paths: [folder], options: options, into: session.found)
        while try replay.run(limit: 1_000) {}
        session.summary = try replay.finish()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in names where name.hasSuffix(".mcap") {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            while try reader.advance() {
                if let status = reader.status { session.statuses.append(status) }
                let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                if reader.channel.direction == .received { session.frames.append(text) }
                if reader.channel.direction == .sent { session.sent.append(text) }
            }
        }
    }

    /// Books have no numbers to compare them by: what is right of them shows in the checksum behind each change.
    private func check(_ session: Session, checksums: Int) throws {
        #expect(session.counts.dropped == 0)
        for connection in session.counts.connections {
            #expect(connection.errorFrames == 0 && connection.unknownFrames == 0)
            #expect(connection.lacking.refused.isEmpty)
        }
        let summary = try #require(session.summary)
        #expect(summary.missingFrames == 0 && summary.counts.decodeErrors == 0)
        #expect(summary.checksums.verified > checksums && summary.checksums.failed == 0)
    }

    @Test func `books, trades and values are the simulation's`() throws {
        let session = try record([])
        try check(session, checksums: 200)
        let (found, expected) = (session.found, session.expected)
        // Books gap as the session ends, not before.
        #expect(session.summary?.sequences.broken == 0 && session.summary?.gaps == Self.symbols.count)
        for (symbol, trades) in expected.trades {
            let recorded = found.trades[symbol] ?? []
            #expect(recorded.count > 5 && recorded == Array(trades.prefix(recorded.count)), "\(symbol)")
        }
        #expect(Set(found.trades.keys) == Set(Self.symbols))
        let rejected = session.statuses.filter { $0.state == .rejected }
        #expect(rejected.isEmpty, "\(rejected)")
        // The greeting first, then a request a topic; the liquidations of all symbols are one.
        #expect(session.sent.first == #"{"event":"conf","flags":229376}"#)
        #expect(session.sent.count { $0.contains("liq:global") } == 1)
        #expect(session.sent.count { $0.contains(#""event":"subscribe""#) } == 9)
    }

    @Test func `a lost message breaks the connection's numbers, and its books are ended and asked for again`()
        throws
    {
        let session = try record(["drop/400"], seconds: 4)
        // How long a book is gapped depends on the machine.
        try check(session, checksums: 20)
        #expect(session.statuses.contains { $0.state == .resync && $0.reason == "sequence" })
        // What the acks called the books is how their topics are ended.
        let ended = session.sent.filter { $0.contains(#""event":"unsubscribe""#) }
        let acks = session.frames.filter { $0.contains(#""event":"subscribed""#) && $0.contains(#""book""#) }
        #expect(!ended.isEmpty && acks.count > Self.symbols.count)
        for request in ended {
            let number = try #require(request.split(separator: ":").last?.dropLast())
            #expect(acks.contains { $0.contains("\"chanId\":\(number),") }, "\(request)")
        }
    }
}
