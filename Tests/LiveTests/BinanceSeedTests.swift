import ByteCoding
import Capture
import Exchanges
import FakeExchange
import Foundation
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Rows
import Synchronizer
import Testing

/// Books that replies seed, recorded over sockets from a server that has only what the venue has: changes, and a reply
/// with the book as it is when it is asked for.
@Suite("Books of Binance over real sockets", .serialized, .timeLimit(.minutes(20)))
struct BinanceSeedTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "seeds-\(UUID().uuidString)")
        .path()

    /// Changes of a book every 20 ms, each of one bid and one ask.
    private struct Market {
        var market: MarketModel.Market
        var bids: [Int: Int] = [:]
        var asks: [Int: Int] = [:]
        var number = 10
        private var random = SystemRandomNumberGenerator()

        init(_ market: MarketModel.Market) {
            self.market = market
            for step in 1...20 { (bids[1_000 - step], asks[1_000 + step]) = (step, step) }
        }

        private func levels(_ side: [Int: Int], best first: (Int, Int) -> Bool) -> String {
            side.keys.sorted(by: first).map { #"["\#($0)","\#(side[$0] ?? 0)"]"# }.joined(separator: ",")
        }

        var seed: String {
            #"{"lastUpdateId":\#(number),"bids":[\#(levels(bids, best: >))],"asks":[\#(levels(asks, best: <))]}"#
        }

        mutating func change() -> String {
            let (bid, ask) = (Int.random(in: 980..<1_000), Int.random(in: 1_001...1_020))
            // The best level stays: the book is never crossed and never empty.
            let sizes = (bid == 999 ? 5 : Int.random(in: 0...9), ask == 1_001 ? 5 : Int.random(in: 0...9))
            bids[bid] = sizes.0 == 0 ? nil : sizes.0
            asks[ask] = sizes.1 == 0 ? nil : sizes.1
            let last = number
            number += 3
            let link = market == .spot ? "" : #""pu":\#(last),"#
            return #"{"stream":"ab@depth@100ms","data":{"e":"depthUpdate","E":1700000000000,"s":"AB","#
                + #""U":\#(last + 1),"u":\#(number),\#(link)"b":[["\#(bid)","\#(sizes.0)"]],"a":[["\#(ask)","\#(sizes.1)"]]}}"#
        }
    }

    /// A recording of changes with a seed behind the third; returns the book at its end.
    private func makeRecording(_ market: MarketModel.Market, count: Int) throws -> (path: String, end: Market)
    {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var (venue, lines) = (Market(market), [String]())
        let line = { (number: Int, rest: String, text: String) in
            let time = 1_700_000_000_000_000_000 + number * 20_000_000
            return #"{"recv_ns":\#(time),"conn":"a",\#(rest)"frame":\#(String(reflecting: text))}"#
        }
        for number in 0..<count {
            lines.append(line(number, "", venue.change()))
            if number == 2 {
                lines.append(line(number, #""rest":"/depth?symbol=AB&limit=1000","#, venue.seed))
            }
        }
        let source = "\(folder)/source.jsonl"
        try lines.joined(separator: "\n").write(toFile: source, atomically: true, encoding: .utf8)
        let rules = ImportRules(
            exchange: "binance",
            protocolID: "",
            markets: [market],
            venueTime: { _ in nil },
            makeProbe: { nil }
        )
        let session = ImportSession(rules: rules)
        try session.add(path: source)
        let output = try ByteOutput(path: "\(folder)/source.mcap")
        try session.write(to: output, compression: .zstd, chunkSize: 1 << 15)
        try output.finish(replacing: true)
        return (output.name, venue)
    }

    @Test(arguments: [MarketModel.Market.linear, .spot], [[], ["drop@100"]])
    func `a book is asked for once its changes flow, and again after a break`(
        market: MarketModel.Market,
        faults: [String]
    ) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let count = 700
        let (path, end) = try makeRecording(market, count: count)
        var options = FakeExchangeOptions(exchange: "binance", market: market.rawValue)
        (options.speed, options.resumes) = (2, true)
        options.faults = faults.compactMap(ServedFault.init)
        let topic = "/binance/\(market.rawValue)/c0/in"
        let server = FakeExchangeServer(options) { try RecordedSource(path: path, topic: topic) }
        let port = try server.start()
        var connection = CapturePlan.Connection(
            exchange: .binance,
            market: market,
            subscriptions: [Subscription(.book, symbol: "AB", depth: 1_000)],
            endpoint: "ws://127.0.0.1:\(port)/stream"
        )
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        let log = "\(folder)/log"
        try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: true)
        var plan = CapturePlan(connections: [connection], folder: log)
        plan.fetchesDefinitions = false
        let session = try CaptureSession(plan) { _ in }
        try session.begin()
        // The last frames come with those of the venue's answer.
        let expected = UInt64(count - faults.count)
        for _ in 0..<1_000 where session.counts().connections[0].frames <= expected { usleep(20_000) }
        let counts = session.end()
        _ = server.stop()
        #expect(counts.connections[0].gaps == UInt64(faults.count))
        try check(log, end, gaps: faults.count, market)
    }

    private func check(
        _ log: String,
        _ end: Market,
        gaps: Int,
        _ market: MarketModel.Market
    ) throws {
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: log).first { $0.hasSuffix(".mcap") }
        )
        let reader = try RecordingReader(path: "\(log)/\(name)")
        while try reader.advance() {}
        let requests = reader.channels.filter { $0.direction == .http }.map(\.request)
        let path =
            market == .spot ? "/api/v3/depth?symbol=AB&limit=1000" : "/fapi/v1/depth?symbol=AB&limit=1000"
        #expect(requests == [path])
        var replay = try Replay(
            paths: ["\(log)/\(name)"],
            options: ReplayOptions(synchronizer: SynchronizerOptions(clock: .orderbookDriven)),
            into: DiscardingSink()
        )
        while try replay.run(limit: 1_000) {}
        let summary = try replay.finish()
        let book = try #require(summary.instruments.first)
        // The session's end gaps the book too; its levels stay.
        #expect(book.bookState == .gapped && summary.gaps == gaps + 1)
        #expect(summary.counts.bookSnapshots == 1 + gaps && summary.sequences.broken == gaps)
        #expect((book.bids, book.asks) == (end.bids.count, end.asks.count))
    }
}
