import ByteCoding
import Capture
import Exchanges
import FakeExchange
import Features
import Foundation
import Live
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Rows
import Simulation
import Synchronizer
import Testing

private final class Aggregates: RowSink {
    var all: [MarketAggregate] = []
    /// Without those of the end, which are available with the last frame, be it a copy.
    var emitted: [MarketAggregate] = []
    var holes = 0

    func received(_ notice: Notice) { if case .interrupted = notice { holes += 1 } }

    func write(_ row: borrowing Row) {
        all.append(row.aggregate)
        if !row.isFinal { emitted.append(row.aggregate) }
    }
}

/// Connections that a venue closes after some time, over real sockets: the next one is opened before.
@Suite("Turns of connections over real sockets", .serialized, .timeLimit(.minutes(20)))
struct TurnTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "turns-\(UUID().uuidString)")
        .path()

    private struct Recorded {
        var path = ""
        var counts = CaptureCounts()
        var gaps = ""
        /// Made while it was recorded, under the trade-driven clock.
        var rows: [MarketAggregate] = []
        var statuses: [(slot: String, status: StatusRecord)] = []
        var groups: [String: String] = [:]
        /// Closes of slots that had a seed before the next had one, within the minute that is waited for it.
        var unseeded = 0
    }

    /// Records what a server serves until it has changed `turns` times and some more frames came.
    private func record(
        _ connection: CapturePlan.Connection,
        lifetime: Int64?,
        turns: Int
    ) throws -> Recorded {
        let log = "\(folder)/log"
        try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: true)
        var plan = CapturePlan(connections: [connection], folder: log)
        plan.fetchesDefinitions = false
        plan.pollInterval = 3_600 * UnixTime.second
        (plan.lifetime, plan.overlap) = (lifetime, 300 * UnixTime.millisecond)
        let rows = Aggregates()
        let session = try LiveSession(plan, options: SynchronizerOptions(clock: .tradeDriven), sinks: [rows])
        try session.begin()
        var (changed, frames): (Int, UInt64) = (0, 0)
        for _ in 0..<3_000 {
            usleep(20_000)
            let counts = session.counts().connections
            let received = counts.reduce(0) { $0 + $1.frames }
            if counts.contains(where: { $0.plannedCloses < turns }) { continue }
            if changed == 0 { (changed, frames) = (turns, received) }
            if received > frames + 60 { break }
        }
        var recorded = Recorded()
        recorded.counts = session.end()
        recorded.rows = rows.all
        let names = try FileManager.default.contentsOfDirectory(atPath: log).filter { $0.hasSuffix(".mcap") }
        recorded.path = "\(log)/\(try #require(names.first))"
        recorded.gaps = try String(contentsOfFile: "\(log)/gaps.jsonl", encoding: .utf8)
        let reader = try RecordingReader(path: recorded.path)
        var seeded: Set<String> = []
        var opened: [String: Int64] = [:]
        while try reader.advance() {
            let channel = reader.channel
            if let status = reader.status { recorded.statuses.append((channel.slot, status)) }
            if !channel.slot.isEmpty { recorded.groups[channel.slot] = channel.redundant }
            if reader.status?.state == .connected { seeded.remove(channel.slot) }
            if reader.status?.state == .connecting { opened[channel.slot] = reader.receiveTime }
            if channel.request.contains("depth") { seeded.insert(channel.slot) }
            if reader.status?.isPlannedClose == true, seeded.contains(channel.slot) {
                let others = recorded.groups.filter {
                    $0.value == channel.redundant && $0.key != channel.slot
                }
                let limit = reader.receiveTime - 60 * UnixTime.second
                if others.keys.contains(where: { !seeded.contains($0) && opened[$0] ?? 0 > limit }) {
                    recorded.unseeded += 1
                }
            }
        }
        return recorded
    }

    private func replay(
        _ path: String,
        _ clock: ClockMode,
        _ catalog: ExchangeCatalog,
        into rows: Aggregates = Aggregates()
    ) throws -> ReplaySummary {
        var options = ReplayOptions(synchronizer: SynchronizerOptions(clock: clock))
        (options.catalog, options.digests) = (catalog, true)
        var replay = try Replay(paths: [path], options: options, into: rows)
        while try replay.run(limit: 1_000) {}
        return try replay.finish()
    }

    /// The rows are those of one connection, copies are counted, and nothing is missing.
    private func check(
        _ recorded: Recorded,
        turns: Int,
        catalog: ExchangeCatalog,
        instruments: Int,
        connections: Int = 1,
        isAnswer: (String) -> Bool,
        change: ([String: Any]) -> OneConnection.Change?
    ) throws {
        let one = "\(folder)/one.mcap"
        let leftOut = try OneConnection.write(recorded.path, to: one, isAnswer: isAnswer) {
            change(object(in: Array($0.utf8).span.bytes))
        }
        for clock in [ClockMode.orderbookDriven, .tradeDriven] {
            let rows = (found: Aggregates(), expected: Aggregates())
            let found = try replay(recorded.path, clock, catalog, into: rows.found)
            let expected = try replay(one, clock, catalog, into: rows.expected)
            let counts = found.counts
            // Where a slot was ahead of the other when it opened, as on a busy machine, times differ from one connection's.
            if leftOut.overtaking == 0 {
                // The rows of the end are available with the last frame, be it a copy.
                #expect(leftOut.endsLeftOut || found.contentDigest == expected.contentDigest)
                let areSame = rows.found.emitted == rows.expected.emitted
                #expect(areSame)
                #expect(counts.bookDeltas == expected.counts.bookDeltas)
            }
            #expect(found.rows == expected.rows && found.rows > 10)
            #expect(counts.liquidations == expected.counts.liquidations)
            #expect(counts.fundingRates == expected.counts.fundingRates)
            #expect(counts.openInterests == expected.counts.openInterests)
            #expect(
                counts.duplicateBooks + counts.duplicateMessages
                    + Int(found.synchronizer.duplicateTrades) >= leftOut.copies / 2
            )
            #expect(counts.duplicateBooks > 5 && found.synchronizer.duplicateTrades > 0)
            #expect(found.sequences.broken == 0 && found.missingFrames == 0 && counts.unknown == 0)
            // The end of the session gaps each book once, nothing before does.
            #expect(found.gaps == instruments && found.instruments.count == instruments)
        }
        let replayed = Aggregates()
        _ = try replay(recorded.path, .tradeDriven, catalog, into: replayed)
        let isLive = recorded.rows == replayed.all
        #expect(isLive)
        // The end of the session, in all slots that are open then.
        let ends = recorded.statuses.count { $0.status.state == .disconnected && !$0.status.isPlannedClose }
        #expect(replayed.holes == ends && ends >= connections)
        let counts = recorded.counts.connections
        #expect(counts.allSatisfy { $0.plannedCloses >= turns && $0.reconnects == 0 && $0.gaps == 0 })
        #expect(counts.count == connections && recorded.counts.failures.isEmpty)
        #expect(counts.allSatisfy { $0.lastFailure == nil })
        #expect(recorded.gaps.isEmpty, "\(recorded.gaps)")
        for index in 0..<connections {
            let (first, second) = ("c\(index)", "c\(index + connections)")
            #expect(recorded.groups[first] == first && recorded.groups[second] == first)
            let closes = recorded.statuses.filter { $0.status.isPlannedClose }.map(\.slot)
                .filter { $0 == first || $0 == second }
            #expect(closes.count == counts[index].plannedCloses)
            #expect(closes.prefix(2) == [first, second].prefix(turns))
        }
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    // MARK: - Binance

    /// A recording of all that a market streams, with a seed behind the third change.
    private func makeBinanceRecording() throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var lines: [String] = []
        let add = { (number: Int, rest: String, text: String) in
            let time = 1_700_000_000_000_000_000 + number * 20_000_000
            lines.append(#"{"recv_ns":\#(time),"conn":"a",\#(rest)"frame":\#(String(reflecting: text))}"#)
        }
        var bids = Dictionary(uniqueKeysWithValues: (1...20).map { (1_000 - $0, $0) })
        let asks = (1...20).map { #"["\#(1_000 + $0)","1"]"# }.joined(separator: ",")
        for number in 1...2_000 {
            let (price, stamp) = (1_000 - number % 20 - 1, 1_700_000_000_000 + number * 20)
            let time = #""E":\#(stamp),"T":\#(stamp),"s":"AB""#
            bids[price] = number
            add(
                number,
                "",
                #"{"stream":"ab@depth@100ms","data":{"e":"depthUpdate",\#(time),"U":\#(number * 3 - 2),"u":\#(number * 3),"#
                    + #""pu":\#(number * 3 - 3),"b":[["\#(price)","\#(number)"]],"a":[]}}"#
            )
            if number == 3 {
                let all = bids.sorted { $0.key > $1.key }.map { #"["\#($0)","\#($1)"]"# }.joined(
                    separator: ","
                )
                let seed =
                    #"{"lastUpdateId":9,"E":\#(stamp),"T":\#(stamp),"bids":[\#(all)],"asks":[\#(asks)]}"#
                add(number, #""rest":"/dapi/v1/depth?symbol=AB&limit=1000","#, seed)
                add(number, #""rest":"/dapi/v1/fundingInfo","#, "[]")
            }
            if number % 3 == 0 {
                add(
                    number,
                    "",
                    #"{"stream":"ab@aggTrade","data":{"e":"aggTrade","E":\#(stamp),"a":\#(number),"s":"AB","p":"999","#
                        + #""q":"1","f":1,"l":1,"T":\#(stamp),"m":\#(number % 2 == 0)}}"#
                )
            }
            if number % 25 == 0 {
                add(
                    number,
                    "",
                    #"{"stream":"ab@forceOrder","data":{"e":"forceOrder","E":\#(stamp),"o":{"s":"AB","S":"SELL","o":"LIMIT","#
                        + #""f":"IOC","q":"2","p":"999","ap":"999","X":"FILLED","l":"2","z":"2","T":\#(stamp)}}}"#
                )
            }
            if number % 50 == 0 {
                add(
                    number,
                    "",
                    #"{"stream":"ab@markPrice@1s","data":{"e":"markPriceUpdate","E":\#(stamp),"s":"AB","p":"999","#
                        + #""P":"999","r":"0.0001","T":1700006400000}}"#
                )
            }
        }
        let source = "\(folder)/source.jsonl"
        try lines.joined(separator: "\n").write(toFile: source, atomically: true, encoding: .utf8)
        let rules = ImportRules(
            exchange: "binance",
            protocolID: "",
            markets: [.inverse],
            venueTime: { _ in nil },
            makeProbe: { nil }
        )
        let session = ImportSession(rules: rules)
        try session.add(path: source)
        let output = try ByteOutput(path: "\(folder)/source.mcap")
        try session.write(to: output, compression: .zstd, chunkSize: 1 << 15)
        try output.finish(replacing: true)
        return output.name
    }

    @Test(
        "a session of Binance with two turns is one of one connection; a close that is announced is a turn",
        arguments: [
            (2 * UnixTime.second, nil, 2), (nil, "shutdown@150:3", 1), (2 * UnixTime.second, "late/1:1", 1),
        ] as [(Int64?, String?, Int)]
    )
    func binance(lifetime: Int64?, fault: String?, turns: Int) throws {
        defer { remove() }
        let path = try makeBinanceRecording()
        var options = FakeExchangeOptions(exchange: "binance", market: "inverse")
        (options.speed, options.resumes) = (2, true)
        options.faults = [fault].compactMap(\.self).compactMap(ServedFault.init)
        let server = FakeExchangeServer(options) {
            try RecordedSource(path: path, topic: "/binance/inverse/c0/in")
        }
        let port = try server.start()
        var connection = CapturePlan.Connection(
            exchange: .binance,
            market: .inverse,
            subscriptions: [
                Subscription([.book, .trades, .liquidations, .fundingRates], symbol: "AB", depth: 1_000)
            ],
            endpoint: "ws://127.0.0.1:\(port)/stream"
        )
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        let recorded = try record(connection, lifetime: lifetime, turns: turns)
        _ = server.stop()
        try check(
            recorded,
            turns: turns,
            catalog: .standard,
            instruments: 1,
            isAnswer: { !$0.contains(#""stream""#) },
            change: changeOfBinance
        )
        #expect(recorded.unseeded == 0)
    }

    @Test("each address of a market takes turns of its own: books, and the rest with what is asked for")
    func binanceSimulated() throws {
        defer { remove() }
        var plan = SimulationPlan(seed: 5, venues: [try .init(exchange: "binance", market: .linear)])
        plan.frames = 1_000_000
        var options = FakeExchangeOptions(exchange: "binance", market: "linear")
        (options.speed, options.resumes) = (4, true)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        let symbols = ["BTCUSDT", "ETHUSDT"]
        var connection = CapturePlan.Connection(
            exchange: .binance,
            market: .linear,
            subscriptions: symbols.map { Subscription(.all, symbol: $0, depth: 1_000) },
            endpoint: "ws://127.0.0.1:\(port)"
        )
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        let recorded = try record(connection, lifetime: 2 * UnixTime.second, turns: 2)
        _ = server.stop()
        try check(
            recorded,
            turns: 2,
            catalog: .standard,
            instruments: 2,
            connections: 2,
            isAnswer: { !$0.contains(#""stream""#) },
            change: changeOfBinance
        )
    }

    private func changeOfBinance(_ members: [String: Any]) -> OneConnection.Change? {
        guard let data = members["data"] as? [String: Any], let book = data["s"] as? String,
            let previous = data["pu"] as? NSNumber, let number = data["u"] as? NSNumber
        else { return nil }
        return OneConnection.Change(book: book, previous: previous.int64Value, number: number.int64Value)
    }

    // MARK: - A toy venue

    @Test("a toy venue whose sockets live a second is recorded without a gap")
    func toy() throws {
        defer { remove() }
        let toy = Toy(isSeeded: true)
        let catalog = ExchangeCatalog([toy])
        let venue = try SimulationPlan.Venue(exchange: "toy", market: .spot, catalog: catalog)
        var plan = SimulationPlan(seed: 5, venues: [venue])
        plan.frames = 400_000
        var options = FakeExchangeOptions(exchange: "toy", market: "spot", catalog: catalog)
        (options.speed, options.resumes) = (3, true)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        let feeds = ["ONE", "TWO"].map { Subscription([.book, .trades], symbol: $0) }
        var connection = CapturePlan.Connection(exchange: toy, market: .spot, subscriptions: feeds)
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        let recorded = try record(connection, lifetime: 1_500 * UnixTime.millisecond, turns: 2)
        _ = server.stop()
        try check(
            recorded,
            turns: 2,
            catalog: catalog,
            instruments: 2,
            isAnswer: { $0.hasPrefix(#"{"done""#) || $0.hasPrefix(#"{"closing""#) },
            change: { members in
                guard members["whole"] as? Bool == false, let book = members["book"] as? String,
                    let number = members["number"] as? NSNumber
                else { return nil }
                let last = number.int64Value
                return OneConnection.Change(book: book, previous: last - 1, number: last)
            }
        )
    }
}
