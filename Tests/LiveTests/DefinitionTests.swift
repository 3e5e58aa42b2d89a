import Capture
import Exchanges
import FakeExchange
import Foundation
import MarketModel
import Pipeline
import Recording
import Simulation
import Testing

/// Definitions over real sockets: requested beside the frames, logged byte for byte.
@Suite("Definitions, over real sockets", .serialized)
struct DefinitionTests {
    private let folder: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "definitions-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path()
    }

    private struct Served {
        var messages: [(direction: FrameDirection, text: String, file: Int)] = []
        var channels: [FrameChannel] = []
        var counts = CaptureCounts()
        var warnings: [String] = []
        var replies: UInt64 = 0

        func texts(_ direction: FrameDirection) -> [String] {
            messages.filter { $0.direction == direction }.map(\.text)
        }
    }

    private final class Warnings: @unchecked Sendable {
        private let lock = NSLock()
        private var lines: [String] = []
        func add(_ line: String) { lock.withLock { lines.append(line) } }
        var all: [String] { lock.withLock { lines } }
    }

    /// Records symbols of a simulated venue until `isEnough`, or for at most thirty seconds.
    private func record(
        _ exchange: any Exchange,
        _ symbols: [String],
        pageSize: Int = .max,
        adjust: (inout CapturePlan) -> Void = { _ in },
        until isEnough: (CaptureCounts) -> Bool
    ) throws -> Served {
        let market = exchange.markets.contains(.linear) ? Market.linear : .spot
        let venue = try SimulationPlan.Venue(exchange: exchange.name, market: market)
        var options = FakeExchangeOptions(exchange: exchange.name, market: market.rawValue)
        options.speed = 20
        options.definitions = ServedDefinitions(simulating: venue, pageSize: pageSize)
        let simulation = SimulationPlan(seed: 3, venues: [venue])
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        var connection = CapturePlan.Connection(
            exchange: exchange,
            market: market,
            subscriptions: symbols.map { Subscription([.book, .trades], symbol: $0) }
        )
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        var plan = CapturePlan(connections: [connection], folder: folder)
        adjust(&plan)
        let warnings = Warnings()
        let session = try CaptureSession(plan) { warnings.add($0) }
        try session.begin()
        for _ in 0..<1_500 where !isEnough(session.counts()) { usleep(20_000) }
        var served = Served(counts: session.end())
        served.warnings = warnings.all
        served.replies = server.stop().replies
        try read(&served)
        return served
    }

    private func read(_ served: inout Served) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for (file, name) in names.filter({ $0.hasSuffix(".mcap") }).enumerated() {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            while try reader.advance() {
                let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                served.messages.append((reader.channel.direction, text, file))
            }
            served.channels = reader.channels
        }
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test("all pages are asked for and logged byte for byte, each request on a channel of its own")
    func paging() throws {
        defer { remove() }
        let served = try record(.bybit, ["BTCUSDT"], pageSize: 1) {
            $0.connections[0].definitions != nil && $0.connections[0].dataFrames > 20
        }
        // Two symbols on pages of their own, and the list of what trades before its listing.
        let replies = served.texts(.http)
        #expect(replies.count == 3 && served.replies == 3)
        #expect(replies[0].contains(#""symbol":"BTCUSDT""#) && replies[0].contains(#""page%3D2""#))
        #expect(replies[1].contains(#""symbol":"ETHUSDT""#) && replies[2].contains(#""list":[]"#))
        let channels = served.channels.filter { $0.direction == .http }
        let channel = try #require(channels.first)
        #expect(channel.topic == "/bybit/linear/c0/http" && channel.protocolID == "bybit-v5")
        #expect(channel.endpoint.hasPrefix("http://127.0.0.1:"))
        let path = "/v5/market/instruments-info?category=linear"
        #expect(
            channels.map(\.request)
                == [
                    "\(path)&limit=1000", "\(path)&limit=1000&cursor=page%3D2",
                    "\(path)&status=PreLaunch&limit=1000",
                ]
        )
        #expect(served.counts.connections[0].definitions == 2 && served.counts.failures.isEmpty)
        #expect(served.warnings.isEmpty)
    }

    @Test("an unknown symbol is named with the nearest; the others go on, subscribed without it")
    func unknownOfSeveral() throws {
        defer { remove() }
        let served = try record(.bybit, ["BTCUSDT", "ETHUSTD"]) {
            !$0.connections[0].unknownSymbols.isEmpty && $0.connections[0].dataFrames > 20
        }
        let counts = served.counts.connections[0]
        #expect(counts.unknownSymbols == ["ETHUSTD"] && !counts.hasNothingLeft && counts.reconnects == 0)
        #expect(served.counts.failures.isEmpty && !served.counts.hasGivenUp)
        let line = "bybit/linear: unknown symbol 'ETHUSTD'; nearest offered: ETHUSDT, BTCUSDT"
        #expect(served.warnings.contains { $0.hasPrefix(line) }, "\(served.warnings)")
        let told = served.texts(.status).compactMap { StatusRecord(Array($0.utf8).span.bytes) }
        #expect(told.contains { $0.state == .rejected && $0.topic == "ETHUSTD" })
        #expect(served.texts(.sent).last?.contains("ETHUSTD") == false)
    }

    @Test(
        "Kraken's channel is subscribed last, logged like any frame, and judges symbols without a reconnect"
    )
    func channel() throws {
        defer { remove() }
        let served = try record(.kraken, ["BTC/USD", "XBT/USD"]) {
            $0.connections[0].definitions != nil && $0.connections[0].dataFrames > 20
        }
        let counts = served.counts.connections[0]
        #expect(counts.unknownSymbols == ["XBT/USD"] && counts.reconnects == 0 && counts.unknownFrames == 0)
        #expect(served.texts(.sent).last?.contains(#""channel":"instrument""#) == true)
        #expect(served.texts(.received).count { $0.hasPrefix(#"{"channel":"instrument""#) } == 1)
        #expect(served.texts(.http).isEmpty && served.replies == 0)
        #expect(!served.channels.contains { $0.direction == .http })
        // The acknowledgement of the channel makes no feed live.
        let topics = served.texts(.status).compactMap { StatusRecord(Array($0.utf8).span.bytes) }
            .filter { $0.state == .subscribed }.compactMap(\.topic)
        #expect(topics.sorted() == ["book/BTC/USD", "trades/BTC/USD"])
        #expect(counts.rejections == 2)
    }

    @Test(
        "where no symbol is left the session is over and says why",
        arguments: ["bybit", "kraken", "coinbase"]
    )
    func nothingLeft(name: String) throws {
        defer { remove() }
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        let served = try record(exchange, ["NOSUCH"]) { $0.hasGivenUp }
        #expect(served.counts.hasGivenUp)
        #expect(served.counts.connections[0].hasNothingLeft)
        let failure = try #require(served.counts.failures.first)
        #expect(failure.contains("offers none of the symbols asked for: NOSUCH"))
    }

    /// A server of definitions only, on a given or free port.
    private func definitionServer(_ port: Int = 0) throws -> (server: FakeExchangeServer, port: Int) {
        let venue = try SimulationPlan.Venue(exchange: "bybit", market: .linear)
        var options = FakeExchangeOptions(exchange: "bybit", market: "linear")
        options.port = port
        options.definitions = ServedDefinitions(simulating: venue)
        let simulation = SimulationPlan(seed: 3, venues: [venue])
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        return (server, try server.start())
    }

    @Test("what failed is tried again, and judged when it comes")
    func retried() throws {
        defer { remove() }
        let (first, port) = try definitionServer()
        _ = first.stop()
        var second: FakeExchangeServer?
        let served = try record(.bybit, ["BTCUSDT"]) { plan in
            plan.connections[0].restEndpoint = "http://127.0.0.1:\(port)"
            plan.definitionsRetries = [200_000_000, 400_000_000, 800_000_000, 3_000_000_000]
        } until: { counts in
            guard counts.connections[0].dataFrames > 5 else { return false }
            if second == nil { second = try? definitionServer(port).server }
            return counts.connections[0].definitions != nil
        }
        _ = second?.stop()
        #expect(served.counts.connections[0].definitions == 2)
        let warning = try #require(served.warnings.first)
        #expect(
            warning.contains("nothing listens at 127.0.0.1:\(port)") && warning.contains("trying again later")
        )
        #expect(served.texts(.http).count == 2)
        #expect(served.counts.connections[0].rejections == 0)
    }

    @Test("given up after the last try, and the session goes on without")
    func givenUp() throws {
        defer { remove() }
        let served = try record(.bybit, ["BTCUSDT"]) { plan in
            plan.connections[0].restEndpoint = "http://127.0.0.1:1"
            plan.definitionsRetries = [10_000_000, 10_000_000]
        } until: {
            $0.connections[0].dataFrames > 40
        }
        #expect(served.warnings.count == 3)
        #expect(served.warnings.last?.hasSuffix("recording without them") == true)
        #expect(served.counts.failures.isEmpty)
    }

    @Test("switched off, nothing is asked for and no symbol judged")
    func off() throws {
        defer { remove() }
        let served = try record(.kraken, ["BTC/USD", "XBT/USD"]) { plan in
            plan.fetchesDefinitions = false
        } until: {
            $0.connections[0].dataFrames > 20
        }
        #expect(served.counts.connections[0].unknownSymbols.isEmpty)
        // The venue's own words are shown.
        let refusals = ["book", "trades"].map {
            "kraken/spot: the venue refused \($0)/XBT/USD: Currency pair not supported XBT/USD"
        }
        #expect(served.warnings == refusals)
        #expect(served.texts(.sent).allSatisfy { !$0.contains("instrument") })
    }

    @Test(
        "each new file gets definitions of its own, if the last are old enough",
        arguments: ["bybit", "kraken"]
    )
    func rotation(name: String) throws {
        defer { remove() }
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        let served = try record(exchange, [name == "bybit" ? "BTCUSDT" : "BTC/USD"]) { plan in
            plan.rotationSize = 1 << 16
            plan.definitionsAge = 0
        } until: {
            $0.files >= 4
        }
        let mark = name == "bybit" ? #""symbol":"BTCUSDT","contractType""# : #"{"channel":"instrument""#
        let files = Set(served.messages.filter { $0.text.contains(mark) }.map(\.file))
        // The last file may have begun just before the end, and a slow machine may begin one before the answer.
        #expect(files.count >= 2 && files.contains(0), "\(files)")
        #expect(served.warnings.isEmpty, "\(served.warnings)")
        #expect(served.counts.connections[0].rejections == 0)
    }
}
