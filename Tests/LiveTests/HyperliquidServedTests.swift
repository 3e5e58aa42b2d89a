import Capture
import Exchanges
import FakeExchange
import Features
import Foundation
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Rows
import Simulation
import Synchronizer
import Testing

/// What is in a session of whole books: each by symbol and time, and the trades.
private final class WholeBooks: RowSink {
    var books: [String: String] = [:]
    var trades: [String: [String]] = [:]
    var rates = 0
    var markets: Set<String> = []
    let wants: RowNeeds = .events

    func write(_ row: borrowing Row) {}

    func applied(_ event: EventReference, of batch: borrowing EventBatch, books keepers: Span<BookKeeper>) {
        guard let index = batch.instrument(of: event) else { return }
        let instrument = batch.instruments[index]
        let symbol = instrument.symbol
        markets.insert("\(symbol) \(instrument.market)")
        switch event.kind {
        case .book:
            let time = batch.books[event.index].exchangeTime ?? 0
            books["\(symbol) \(time)"] = BookFindings.text(of: keepers[index.position].book)
        case .trade:
            let trade = batch.trades[event.index]
            trades[symbol, default: []].append("\(trade.id) \(trade.side) \(trade.price) \(trade.size)")
        case .fundingRate: rates += 1
        default: break
        }
    }
}

/// Simulated sessions of Hyperliquid served and recorded.
@Suite("Hyperliquid simulated, served and recorded", .timeLimit(.minutes(20)))
struct HyperliquidServedTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "served-\(UUID().uuidString)")
        .path()

    private final class Warnings: @unchecked Sendable {
        private let lock = NSLock()
        private var lines: [String] = []
        func add(_ line: String) { lock.withLock { lines.append(line) } }
        var all: [String] { lock.withLock { lines } }
    }

    private struct Session {
        var counts = CaptureCounts()
        var warnings: [String] = []
        var found = WholeBooks()
        var expected = WholeBooks()
        var requests: Set<String> = []
        var snapshotTrades = 0
        var duplicates = 0
    }

    private func record(
        _ faults: [String] = [],
        with others: [String] = [],
        asksDefinitions: Bool = true,
        seconds: Int64 = 1
    ) throws -> Session {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let venue = try SimulationPlan.Venue(exchange: "hyperliquid", market: .multi, depth: 5)
        var plan = SimulationPlan(seed: 9, venues: [venue])
        plan.duration = seconds * 20 * UnixTime.second
        var options = FakeExchangeOptions(exchange: "hyperliquid", market: "multi")
        options.speed = 20
        options.resumes = !faults.isEmpty
        options.faults = try faults.map { try #require(ServedFault($0)) }
        options.definitions = ServedDefinitions(simulating: venue)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        let symbols = others + venue.symbols.map(\.symbol)
        var connection = CapturePlan.Connection(
            exchange: .hyperliquid,
            market: .multi,
            subscriptions: symbols.map { Subscription(.all, symbol: $0, depth: 5) }
        )
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        var capture = CapturePlan(connections: [connection], folder: folder)
        capture.fetchesDefinitions = asksDefinitions
        let warnings = Warnings()
        let recorder = try CaptureSession(capture) { warnings.add($0) }
        try recorder.begin()
        for _ in 0..<1_500 where !server.currentCounts().isOver { usleep(20_000) }
        usleep(500_000)
        var session = Session()
        session.counts = recorder.end()
        session.warnings = warnings.all
        _ = server.stop()
        try read(&session)
        session.expected = try Self.reference(plan)
        return session
    }

    private func read(_ session: inout Session) throws {
        let options = ReplayOptions(synchronizer: SynchronizerOptions(clock: .external))
        var replay = try Replay(paths: [folder], options: options, into: session.found)
        while try replay.run(limit: 1_000) {}
        let summary = try replay.finish()
        #expect(summary.missingFrames == 0 && summary.counts.decodeErrors == 0 && summary.counts.unknown == 0)
        session.duplicates = summary.synchronizer.duplicateTrades
        session.snapshotTrades = summary.synchronizer.snapshotTrades
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".mcap")
        {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            while try reader.advance() {
                if reader.channel.direction == .http { session.requests.insert(reader.channel.request) }
            }
        }
    }

    /// The simulation, decoded as it is.
    private static func reference(_ plan: SimulationPlan) throws -> WholeBooks {
        let (found, exchange) = (WholeBooks(), Hyperliquid())
        var session = try SimulatedSession(plan)
        var batch = EventBatch()
        let venue = batch.instruments.venue(of: exchange, .multi)
        var decoder = exchange.makeDecoder(market: .multi, venue: venue)
        var keepers = plan.venues[0].symbols.map { _ in BookKeeper() }
        while session.next({ frame, bytes in
            guard frame.kind == .received else { return }
            batch.removeAll()
            _ = decoder.decode(bytes, receiveTime: frame.time, into: &batch)
            for event in batch.order {
                if event.kind == .book {
                    let (update, levels) = (batch.books[event.index], batch.levels)
                    _ = keepers[update.instrument.position].apply(
                        update,
                        levels: levels.span,
                        connection: 0,
                        rules: exchange.bookRules
                    )
                }
                found.applied(event, of: batch, books: keepers.span)
            }
        }) {}
        return found
    }

    /// Each book is the simulation's; returns how many of its trades are missing.
    private func missingTrades(_ session: Session) -> Int {
        let (found, expected) = (session.found, session.expected)
        let wrong = found.books.filter { expected.books[$0.key] != $0.value }
        #expect(wrong.isEmpty && found.books.count > expected.books.count / 2, "\(wrong.keys)")
        var missing = 0
        for (symbol, trades) in expected.trades {
            let recorded = Set(found.trades[symbol] ?? [])
            #expect(recorded.isSubset(of: trades))
            missing += trades.count { !recorded.contains($0) }
        }
        return missing
    }

    @Test func `books, trades and contexts are the simulation's, of two markets on one connection`() throws {
        let session = try record()
        #expect(missingTrades(session) < 20 && session.snapshotTrades >= 2 && session.duplicates == 0)
        #expect(session.found.rates > 10 && session.found.books.count > 50)
        #expect(session.found.markets == ["BTC linear", "PURR/USDC spot"])
        #expect(session.requests == [#"/info {"type":"meta"}"#, #"/info {"type":"spotMeta"}"#])
        #expect(session.counts.connections.map(\.definitions) == [2] && session.warnings.isEmpty)
        let lacking = session.counts.connections[0].lacking
        #expect(lacking.refused.isEmpty && lacking.unconfirmed.isEmpty && lacking.withoutSnapshot.isEmpty)
    }

    @Test func `who connects again is told the last trades, which come marked and not twice`() throws {
        let session = try record(["close@40"], seconds: 2)
        #expect(session.counts.connections[0].reconnects == 1)
        _ = missingTrades(session)
        // Two lists when it began, and of each symbol again.
        #expect(
            session.snapshotTrades >= 4 && session.duplicates == 0,
            "\(session.snapshotTrades) \(session.duplicates)"
        )
    }

    @Test func `an unknown symbol is named at once, with the nearest`() throws {
        let session = try record(with: ["btc"])
        let line = "hyperliquid/multi: unknown symbol 'btc'; nearest offered: BTC"
        #expect(session.warnings.contains { $0.hasPrefix(line) }, "\(session.warnings)")
        #expect(session.found.books.count > 20)
    }

    @Test func `without definitions the symbol on which the venue closes is found, and the others go on`()
        throws
    {
        let session = try record(with: ["NOSUCH"], asksDefinitions: false)
        #expect(session.warnings.contains { $0.contains("probably it has no symbol 'NOSUCH'") })
        #expect(session.counts.connections[0].reconnects == 3 && session.found.books.count > 20)
        #expect(session.counts.connections[0].lacking.refused.count == 3)
    }
}
