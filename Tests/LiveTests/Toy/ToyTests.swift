import Capture
import Exchanges
import FakeExchange
import Features
import Foundation
import MarketModel
import OrderBooks
import Pipeline
import Replay
import Rows
import Simulation
import Synchronizer
import Testing

/// A venue added in one folder and one line of a catalog is simulated, served, recorded and replayed.
@Suite("A toy venue", .serialized)
struct ToyTests {
    private static let catalog = ExchangeCatalog(ExchangeCatalog.standard.all + [Toy()])

    private func plan() throws -> SimulationPlan {
        let venue = try SimulationPlan.Venue(exchange: "toy", market: .spot, catalog: Self.catalog)
        var plan = SimulationPlan(seed: 7, venues: [venue])
        plan.frames = 600
        return plan
    }

    @Test("keeps the case of its symbols, as a venue does that does not say otherwise")
    func spellings() {
        #expect(Self.spelled("kPEPE", ["kPEPE", "KPEPE"], by: Toy()) == ["kPEPE"])
        #expect(Toy().key(of: "kPEPE") == "kPEPE")
        #expect(Self.spelled("btc/usd", ["btc/usd", "BTC/USD"], by: Kraken()) == ["btc/usd", "BTC/USD"])
        let names = ["btc-usdc", "BTC-USDC", "BTC-USD"]
        #expect(Self.spelled("btc-usdc", names + ["btc-usd"], by: Coinbase()) == names)
        #expect(Coinbase().key(of: "btc-usdc") == Coinbase().key(of: "BTC-USD"))
    }

    /// Those of some names by which messages may mean a symbol that was subscribed.
    private static func spelled(_ symbol: String, _ names: [String], by exchange: any Exchange) -> [String] {
        let symbols = SubscribedSymbols([symbol], of: exchange)
        return names.filter { symbols.contains(Array($0.utf8).span.bytes) }
    }

    @Test("names what its catalog can simulate when it is asked for what it cannot")
    func unknownVenue() {
        let known = Self.catalog.simulatedVenues
        #expect(known.contains("toy"))
        #expect(throws: SimulationError.unknownVenue("toy/linear", known: known)) {
            try SimulationPlan.Venue(exchange: "toy", market: .linear, catalog: Self.catalog)
        }
    }

    @Test("is simulated: all frames are decoded, books stand and are never crossed")
    func simulated() throws {
        var session = try SimulatedSession(plan())
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: "toy", market: .spot)
        var decoder = Toy().makeDecoder(market: .spot, venue: venue)
        var keepers = [BookKeeper(), BookKeeper()]
        var (trades, isOver) = (0, false)
        while !isOver {
            isOver = try !session.next { frame, bytes in
                guard frame.kind == .received else { return }
                batch.removeAll()
                let outcome = decoder.decode(bytes, receiveTime: frame.time, into: &batch)
                try #require(outcome == .decoded || outcome == .ignored)
                trades += batch.trades.count
                for update in batch.books {
                    _ = keepers[update.instrument.position].apply(
                        update,
                        levels: batch.levels.span,
                        connection: 0,
                        rules: Toy().bookRules
                    )
                }
            }
        }
        #expect(session.received == 600 && trades > 10)
        #expect(keepers.allSatisfy { $0.book.state == .synced && $0.counts.crossedSeen == 0 })
    }

    @Test("is served, recorded and replayed: every trade that was sent is in the rows' events")
    func recorded() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "toy-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = FakeExchangeOptions(exchange: "toy", market: "spot", catalog: Self.catalog)
        options.speed = nil
        let simulation = try plan()
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        let feeds = ["ONE", "TWO"].map { Subscription(.all, symbol: $0) }
        var connection = CapturePlan.Connection(exchange: Toy(), market: .spot, subscriptions: feeds)
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        let session = try CaptureSession(CapturePlan(connections: [connection], folder: folder)) { _ in }
        try session.begin()
        for _ in 0..<1_500 {
            usleep(20_000)
            let (served, counts) = (server.currentCounts(), session.counts().connections[0])
            if served.isOver, counts.frames >= served.frames + served.answers + served.snapshots { break }
        }
        let counts = session.end()
        let served = server.stop()
        #expect(served.frames > 500 && served.answers == 4)
        #expect(counts.connections[0].unknownFrames == 0 && counts.connections[0].errorFrames == 0)

        var replayed = ReplayOptions()
        replayed.catalog = Self.catalog
        let log = TradeCount()
        var replay = try Replay(paths: [folder], options: replayed, into: log)
        while try replay.run(limit: 1_000) {}
        _ = try replay.finish()
        #expect(log.trades > 10 && log.instruments == ["toy/spot/ONE", "toy/spot/TWO"])
    }
}

/// Counts the trades of a replay, and names their instruments.
private final class TradeCount: RowSink {
    var trades = 0
    var instruments: Set<String> = []
    let wants: RowNeeds = .events

    func write(_ row: borrowing Row) {}

    func applied(_ event: EventReference, of batch: borrowing EventBatch, books: Span<BookKeeper>) {
        guard event.kind == .trade else { return }
        trades += 1
        instruments.insert(batch.instruments[batch.trades[event.index].instrument].description)
    }
}
