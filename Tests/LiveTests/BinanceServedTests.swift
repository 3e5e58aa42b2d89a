import Capture
import Exchanges
import FakeExchange
import Foundation
import MarketModel
import Pipeline
import Recording
import Replay
import Rows
import Simulation
import Synchronizer
import Testing

/// Simulated sessions of Binance served and recorded: each book that stands is the simulation's, each trade is there.
@Suite("Binance simulated, served and recorded", .timeLimit(.minutes(20)))
struct BinanceServedTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "served-\(UUID().uuidString)")
        .path()

    private struct Session {
        var counts = CaptureCounts()
        var found = BookFindings()
        var expected = BookFindings()
        var statuses: [StatusRecord] = []
        var paths: [String] = []
    }

    private func record(_ market: Market, _ faults: [String], seconds: Int64 = 1) throws -> Session {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let venue = try SimulationPlan.Venue(exchange: "binance", market: market, depth: 40)
        var plan = SimulationPlan(seed: 9, venues: [venue])
        plan.duration = seconds * 20 * UnixTime.second
        var options = FakeExchangeOptions(exchange: "binance", market: market.rawValue)
        options.speed = 20
        options.faults = try faults.map { try #require(ServedFault($0)) }
        options.definitions = ServedDefinitions(simulating: venue)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        var connection = CapturePlan.Connection(
            exchange: .binance,
            market: market,
            subscriptions: venue.symbols.map { Subscription(Binance().kinds, symbol: $0.symbol) }
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
        session.expected = try BookFindings.reference(plan, .binance, market)
        return session
    }

    private func read(_ session: inout Session) throws {
        let options = ReplayOptions(synchronizer: SynchronizerOptions(clock: .external))
        var replay = try Replay(paths: [folder], options: options, into: session.found)
        while try replay.run(limit: 1_000) {}
        let summary = try replay.finish()
        #expect(summary.missingFrames == 0 && summary.counts.decodeErrors == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in names where name.hasSuffix(".mcap") {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            while try reader.advance() {
                if let status = reader.status { session.statuses.append(status) }
                if reader.channel.direction == .http { session.paths.append(reader.channel.request) }
            }
        }
    }

    private func check(_ session: Session) {
        let (found, expected) = (session.found, session.expected)
        let wrong = found.books.filter { expected.books[$0.key] != $0.value }
        #expect(wrong.isEmpty && found.books.count > expected.books.count / 4, "\(wrong.keys)")
        // The last second may end between the two sockets.
        for (symbol, trades) in expected.trades {
            let recorded = found.trades[symbol] ?? []
            #expect(recorded.count > 20 && recorded == Array(trades.prefix(recorded.count)))
            #expect(trades.count - recorded.count < 20)
        }
        #expect(session.counts.dropped == 0)
        for connection in session.counts.connections {
            #expect(connection.errorFrames == 0 && connection.unknownFrames == 0)
            #expect(connection.lacking.withoutSnapshot.isEmpty && connection.lacking.refused.isEmpty)
        }
    }

    @Test(arguments: [(Market.spot, []), (.linear, []), (.inverse, ["early/1"])])
    func `books and trades are the simulation's, values are polled`(
        market: Market,
        faults: [String]
    ) throws {
        let session = try record(market, faults)
        check(session)
        #expect(session.found.seeds == 2 && session.found.books.count > session.expected.books.count * 2 / 3)
        #expect(session.counts.connections.count == (market == .linear ? 2 : 1))
        #expect(session.found.interests.count >= (market == .spot ? 0 : 2))
        let rejected = session.statuses.filter { $0.state == .rejected }
        #expect(rejected.isEmpty, "\(rejected)")
    }

    @Test func `seeds that are too old, late or not to be had are asked for until one fits`() throws {
        let session = try record(.spot, ["old@1", "late@2:1", "busy@3:1"], seconds: 3)
        check(session)
        #expect(session.found.seeds == 2 && session.paths.count { $0.contains("/depth") } == 3)
        #expect(session.statuses.contains { $0.state == .rejected && $0.code == 429 })
    }

    @Test func `a wrong seed shows as a crossed book, which another mends`() throws {
        let session = try record(.spot, ["wrong@1"], seconds: 7)
        #expect(session.statuses.contains { $0.state == .resync && $0.reason == "crossed" })
        #expect(session.counts.connections[0].gaps == 1 && session.found.seeds == 3)
        // Until it is given up the book has a bid that is none; then it is the simulation's again.
        let wrong = session.found.books.filter { session.expected.books[$0.key] != $0.value }.keys.sorted()
        let symbol = try #require(wrong.first?.split(separator: " ").first)
        let numbers = session.found.books.keys.filter { $0.hasPrefix("\(symbol) ") }.sorted()
        #expect(wrong == Array(numbers.prefix(wrong.count)) && numbers.count > wrong.count)
    }
}
