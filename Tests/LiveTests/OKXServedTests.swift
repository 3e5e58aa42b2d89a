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

/// Simulated sessions of OKX served and recorded: spot, a linear and an inverse swap on one connection.
@Suite("OKX simulated, served and recorded", .timeLimit(.minutes(20)))
struct OKXServedTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "okx-\(UUID().uuidString)")
        .path()
    private static let symbols = ["BTC-USDT", "BTC-USDT-SWAP", "BTC-USD-SWAP"]

    private struct Session {
        var counts = CaptureCounts()
        var found = BookFindings()
        var expected = BookFindings()
        var summary: ReplaySummary?
        var statuses: [StatusRecord] = []
        var frames: [String] = []
        var sent: [String] = []
    }

    private func record(_ faults: [String], seconds: Int64 = 1) throws -> Session {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let venue = try SimulationPlan.Venue(exchange: "okx", market: .multi, symbols: Self.symbols)
        var plan = SimulationPlan(seed: 9, venues: [venue])
        plan.duration = seconds * 20 * UnixTime.second
        var options = FakeExchangeOptions(exchange: "okx", market: Market.multi.rawValue)
        (options.speed, options.resumes) = (20, true)
        options.faults = try faults.map { try #require(ServedFault($0)) }
        options.definitions = ServedDefinitions(simulating: venue)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        var connection = CapturePlan.Connection(
            exchange: .okx,
            market: .multi,
            subscriptions: Self.symbols.map { Subscription(OKX().kinds, symbol: $0) }
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
        session.expected = try BookFindings.reference(plan, .okx, .multi)
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
            #expect(connection.lacking.refused.isEmpty)
        }
        let summary = try #require(session.summary)
        #expect(summary.missingFrames == 0 && summary.counts.decodeErrors == 0)
    }

    @Test func `books, trades and values of three markets are the simulation's`() throws {
        let session = try record([])
        try check(session)
        let (found, expected) = (session.found, session.expected)
        #expect(found.books.count > expected.books.count * 2 / 3)
        for (symbol, trades) in expected.trades {
            let recorded = found.trades[symbol] ?? []
            #expect(recorded.count > 20 && recorded == Array(trades.prefix(recorded.count)), "\(symbol)")
        }
        #expect(Set(found.trades.keys) == Set(Self.symbols))
        #expect(Set(found.interests.map { $0.split(separator: " ")[0] }).count == 2)
        let rejected = session.statuses.filter { $0.state == .rejected }
        #expect(rejected.isEmpty, "\(rejected)")
        // One request for all, one topic for the liquidations of both swaps, and the list behind its ack.
        let requests = session.sent.filter { $0.contains("subscribe") }
        #expect(requests.count == 1 && requests[0].split(separator: "liquidation-orders").count == 2)
        let lists = session.frames.filter { $0.contains("bkPx") }
        #expect(session.summary?.synchronizer.snapshotLiquidations == 1 && lists.count > 1)
        // Contracts are worth what the definitions say.
        let swap = try #require(found.rows.first { $0.sizeUnit == 0.01 })
        #expect(swap.sizeUnit == 0.01 && found.rows.contains { $0.sizeUnit == 100 })
        #expect(found.rows.allSatisfy { $0.sizeUnit != nil } && found.rows.contains { $0.sizeUnit == 1 })
    }

    @Test func `a lost message shows in the numbers, and the book is subscribed again`() throws {
        let session = try record(["drop/150"], seconds: 4)
        // How long a book is gapped depends on the machine.
        try check(session, share: 0.02)
        let resyncs = session.statuses.filter { $0.state == .resync && $0.reason == "sequence" }
        #expect(!resyncs.isEmpty && session.counts.connections[0].gaps > 0)
        #expect(session.sent.contains { $0.contains(#""op":"unsubscribe""#) && $0.contains(#""books""#) })
    }

    @Test func `a broken connection is opened again, and its books with it`() throws {
        let session = try record(["close@400:1006"], seconds: 2)
        try check(session)
        #expect(session.counts.connections.reduce(0) { $0 + $1.reconnects } > 0)
        let snapshots = session.frames.count { $0.contains(#""action":"snapshot""#) }
        #expect(snapshots >= 2 * Self.symbols.count)
        // Whoever comes in the middle is told an empty list of earlier liquidations.
        #expect(session.frames.contains { $0.contains("liquidation-orders") && $0.hasSuffix(#""data":[]}"#) })
    }
}
