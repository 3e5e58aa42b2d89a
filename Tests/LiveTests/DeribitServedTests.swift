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

/// Simulated sessions of Deribit served and recorded: inverse, linear and spot on one connection.
@Suite("Deribit simulated, served and recorded", .timeLimit(.minutes(20)))
struct DeribitServedTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "deribit-\(UUID().uuidString)"
    )
    .path()
    private static let symbols = ["BTC-PERPETUAL", "BTC_USDC-PERPETUAL", "BTC_USDC"]

    private struct Session {
        var counts = CaptureCounts()
        var found = BookFindings()
        var expected = BookFindings()
        var summary: ReplaySummary?
        var statuses: [StatusRecord] = []
        var frames: [String] = []
        var sent: [String] = []
    }

    private func record(
        _ faults: [String] = [],
        with others: [String] = [],
        seconds: Int64 = 1
    ) throws -> Session {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let venue = try SimulationPlan.Venue(exchange: "deribit", market: .multi, symbols: Self.symbols)
        var plan = SimulationPlan(seed: 9, venues: [venue])
        plan.duration = seconds * 20 * UnixTime.second
        var options = FakeExchangeOptions(exchange: "deribit", market: Market.multi.rawValue)
        (options.speed, options.resumes) = (20, true)
        options.faults = try faults.map { try #require(ServedFault($0)) }
        options.definitions = ServedDefinitions(simulating: venue)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        var connection = CapturePlan.Connection(
            exchange: .deribit,
            market: .multi,
            subscriptions: (others + Self.symbols).map { Subscription(Deribit().kinds, symbol: $0) }
        )
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        var capture = CapturePlan(connections: [connection], folder: folder)
        capture.fetchesDefinitions = others.isEmpty
        let recorder = try CaptureSession(capture) { _ in }
        try recorder.begin()
        for _ in 0..<1_500 where !server.currentCounts().isOver { usleep(20_000) }
        usleep(500_000)
        var session = Session()
        session.counts = recorder.end()
        _ = server.stop()
        try read(&session)
        session.expected = try BookFindings.reference(plan, .deribit, .multi)
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

    /// `share` is the part of all books that is to be found at least.
    private func check(_ session: Session, share: Double = 0.25) throws {
        let (found, expected) = (session.found, session.expected)
        let wrong = found.books.filter { expected.books[$0.key] != $0.value }
        let least = Int(share * Double(expected.books.count))
        #expect(wrong.isEmpty && found.books.count > least, "\(wrong.keys)")
        #expect(session.counts.dropped == 0)
        for connection in session.counts.connections {
            #expect(connection.errorFrames == 0 && connection.unknownFrames == 0)
        }
        let summary = try #require(session.summary)
        #expect(summary.missingFrames == 0 && summary.counts.decodeErrors == 0)
    }

    @Test func `books, trades and values of three markets are the simulation's`() throws {
        let session = try record()
        try check(session)
        let (found, expected) = (session.found, session.expected)
        #expect(found.books.count > expected.books.count * 2 / 3)
        for (symbol, trades) in expected.trades {
            let recorded = found.trades[symbol] ?? []
            #expect(!recorded.isEmpty && recorded == Array(trades.prefix(recorded.count)), "\(symbol)")
        }
        #expect(Set(found.trades.keys) == Set(Self.symbols))
        #expect(Set(found.interests.map { $0.split(separator: " ")[0] }).count == 2)
        #expect(session.statuses.allSatisfy { $0.state != .rejected })
        #expect(session.counts.connections.allSatisfy { $0.lacking.refused.isEmpty })
        // Heartbeats first, then one request for all.
        let methods = session.sent.map { $0.contains("set_heartbeat") ? "heartbeat" : "subscribe" }
        #expect(methods == ["heartbeat", "subscribe"], "\(session.sent)")
    }

    @Test func `what the venue does not have is told as refused, and all else recorded`() throws {
        let session = try record(with: ["NO-SUCH"])
        try check(session)
        let refused = session.counts.connections.flatMap { $0.lacking.refused.map(\.topic) }
        #expect(refused.sorted() == ["book/NO-SUCH", "ticker/NO-SUCH", "trades/NO-SUCH"])
        #expect(session.statuses.count { $0.state == .rejected } == 3)
    }

    @Test func `a lost message shows in the links, and the book is subscribed again`() throws {
        let session = try record(["drop/150"], seconds: 4)
        // How long a book is gapped depends on the machine.
        try check(session, share: 0.02)
        let resyncs = session.statuses.filter { $0.state == .resync && $0.reason == "sequence" }
        #expect(!resyncs.isEmpty && session.counts.connections[0].gaps > 0)
        #expect(session.sent.contains { $0.contains(#""public/unsubscribe""#) && $0.contains(#""book."#) })
    }

    @Test func `a broken connection is opened again, and its books with it`() throws {
        let session = try record(["close@400:1006"], seconds: 2)
        try check(session)
        #expect(session.counts.connections.reduce(0) { $0 + $1.reconnects } > 0)
        let snapshots = session.frames.count { $0.contains(#""type":"snapshot""#) }
        #expect(snapshots >= 2 * Self.symbols.count)
        #expect(session.sent.count { $0.contains("set_heartbeat") } >= 2)
    }
}
