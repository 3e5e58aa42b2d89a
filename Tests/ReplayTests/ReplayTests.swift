import ByteCoding
import Features
import Foundation
import MarketModel
import OrderBooks
import Recording
import Synchronizer
import Testing

@testable import Replay
@testable import Rows

/// Records the trades of a replay in the order they were applied.
final class TradeLog: RowSink {
    var ids: [String] = []
    let wants: RowNeeds = .events

    func write(_ row: borrowing Row) {}

    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) {
        if event.kind == .trade { ids.append(batch.trades[event.index].id.description) }
    }
}

/// Several recordings become one order.
struct ReplayTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func trade(_ id: String) -> [UInt8] {
        let text =
            #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":["#
            + #"{"T":1,"s":"BTCUSDT","S":"Buy","v":"1","p":"1","i":"\#(id)"}]}"#
        return Array(text.utf8)
    }

    /// A recording of Bybit trades or other frames at given times.
    private func recording(
        _ name: String,
        start: Int64,
        _ frames: [(Int64, [UInt8])],
        firstSequence: UInt32 = 1,
        details: [(key: String, value: String)] = [],
        exchange: String = "bybit"
    ) throws -> String {
        let path = "\(folder)/\(name)"
        let output = try ByteOutput(path: path)
        let writer = try RecordingWriter(output, session: SessionFacts(start: start, details: details))
        let market = exchange == "bybit" ? "linear" : "spot"
        let number = try writer.add(
            FrameChannel(exchange: exchange, market: market, slot: "c0", direction: .received),
            firstSequence: firstSequence
        )
        for (time, frame) in frames { try writer.write(frame.span.bytes, on: number, at: time) }
        try writer.finish(reason: "test")
        try output.finish(replacing: false)
        return path
    }

    private func run(_ paths: [String]) throws -> (ids: [String], summary: ReplaySummary) {
        let log = TradeLog()
        var replay = try Replay(paths: paths, options: ReplayOptions(), into: log)
        while try replay.run(limit: 3) {}
        let summary = try replay.finish()
        return (log.ids, summary)
    }

    @Test func `ties go by session start, then by file name, whatever the order of arguments`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let late = try recording("a.mcap", start: 20, [(100, trade("late1")), (200, trade("late2"))])
        let early = try recording("z.mcap", start: 10, [(100, trade("early1")), (200, trade("early2"))])
        let named = try recording("b.mcap", start: 20, [(100, trade("named1")), (150, trade("named2"))])
        let expected = ["early1", "late1", "named1", "named2", "early2", "late2"]
        #expect(try run([late, early, named]).ids == expected)
        #expect(try run([named, early, late]).ids == expected)
        #expect(try run([folder]).ids == expected)
    }

    @Test func `frames missing between two files of a session are counted`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try recording("1.mcap", start: 10, [(100, trade("a")), (110, trade("b"))])
        let next = try recording("2.mcap", start: 10, [(120, trade("c"))], firstSequence: 3)
        let later = try recording("3.mcap", start: 10, [(130, trade("d"))], firstSequence: 9)
        #expect(try run([first, next]).summary.missingFrames == 0)
        #expect(try !run([first, next]).summary.hasDamage)
        #expect(try run([later, next, first]).summary.missingFrames == 5)
        #expect(try run([later, next, first]).summary.hasDamage)
    }

    @Test func `imports that begin at one instant are connections of their own`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let frame = { (number: Int) in
            Array(#"{"channel":"heartbeats","sequence_num":\#(number),"events":[]}"#.utf8)
        }
        let frames: [(Int64, [UInt8])] = [(10, frame(4)), (20, frame(5)), (30, frame(6))]
        let other: [(Int64, [UInt8])] = [(10, frame(70)), (20, frame(71))]
        let details = [(key: "source", value: "import")]
        let one = try recording("1.mcap", start: 10, frames, details: details, exchange: "coinbase")
        let two = try recording("2.mcap", start: 10, other, details: details, exchange: "coinbase")
        let sequences = try run([one, two]).summary.sequences
        #expect(sequences.verified == 3 && sequences.broken == 0)
    }

    @Test func `another tail follows the frames before a cut, and counts as no loss`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let frames = { (name: String, first: Int64) in
            (0..<5).map { (first + Int64($0) * 10, trade("\(name)\($0)")) }
        }
        let one = try recording("1.mcap", start: 1, frames("a", 100))
        let two = try recording("2.mcap", start: 2, frames("b", 105))
        let expected: [(TamperedTail, [String])] = [
            (.everySecondFrame, ["a2", "b2", "a4", "b4"]),
            (.repeatedFromStart, ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4"]),
        ]
        for (tail, ids) in expected {
            let log = TradeLog()
            var replay = try Replay(paths: [one, two], options: ReplayOptions(), into: log)
            try replay.run(upTo: 115)
            try replay.replaceTail(by: tail, after: 115)
            while try replay.run(limit: 3) {}
            let summary = try replay.finish()
            #expect(log.ids == ["a0", "b0", "a1", "b1"] + ids)
            #expect(summary.missingFrames == 0 && !summary.hasDamage && summary.gaps == 0)
            #expect(try #require(summary.span).last > 115 + TamperedTail.delay)
        }
    }

    @Test func `another tail of frames at the end of time is as late as can be`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try recording("1.mcap", start: 1, [(100, trade("a")), (.max - 1, trade("b"))])
        for (tail, ids) in [
            (TamperedTail.everySecondFrame, ["a", "b"]), (.repeatedFromStart, ["a", "a", "b"]),
        ] {
            let log = TradeLog()
            var replay = try Replay(paths: [path], options: ReplayOptions(), into: log)
            try replay.run(upTo: 115)
            try replay.replaceTail(by: tail, after: 115)
            while try replay.run(limit: 3) {}
            let summary = try replay.finish()
            #expect(log.ids == ids)
            #expect(summary.span?.last == .max)
        }
    }

    @Test func `one file by two names is refused`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try recording("1.mcap", start: 1, [(10, trade("a"))])
        let link = "\(folder)/2.mcap"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: ReplayError.sameFile(path, link)) { try RecordingFiles.expand([path, link]) }
        #expect(throws: ReplayError.sameFile(path, "\(folder)/2.mcap")) {
            try RecordingFiles.expand([folder])
        }
    }

    @Test func `a slice that is empty and a folder without recordings are refused`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(throws: ReplayError.emptyFolder(folder)) { try RecordingFiles.expand([folder]) }
        #expect(throws: ReplayError.slice(from: 5, to: 5)) {
            _ = try Replay(paths: [folder], options: ReplayOptions(from: 5, to: 5), into: TradeLog())
        }
    }

    @Test("a state goes on with the frames that it was made of alone, whatever else is equal")
    func stateOfOtherFrames() throws {
        let frames: [(Int64, [UInt8])] = (1...6).map { (Int64($0) * 1_000, trade("\($0)")) }
        let other: [(Int64, [UInt8])] = [(2_000, trade("200"))]
        let files = [
            frames, Array(frames[..<5]), Array(frames[..<2]), frames + [(9_000, trade("9"))],
            Array(frames[..<1]) + other + Array(frames[2...]),
        ]
        let paths = try files.enumerated().map { number, frames in
            // In folders of their own, under one name and of one session.
            let folder = "\(number)"
            try FileManager.default.createDirectory(
                atPath: "\(self.folder)/\(folder)",
                withIntermediateDirectories: true
            )
            return try recording("\(folder)/a.mcap", start: 500, frames)
        }
        var ended = try Replay(paths: [paths[0]], options: ReplayOptions(), into: DiscardingSink())
        var begun = try Replay(paths: [paths[0]], options: ReplayOptions(), into: DiscardingSink())
        while try ended.run() {}
        while try begun.run(stopAfter: 3) {}
        let states = [try begun.state(), try ended.state()]
        // Whether the file can take the place of the first, for each of the states.
        let fits = [[true, true], [true, false], [false, false], [true, false], [false, false]]
        for (path, expected) in zip(paths, fits) {
            let found = try states.map { state in
                var other = try Replay(paths: [path], options: ReplayOptions(), into: DiscardingSink())
                do { try other.resume(from: state) } catch ReplayError.state { return false }
                return true
            }
            #expect(found == expected, "\(path)")
        }
    }
}

/// The bytes that are digested.
struct RowDigestTests {
    @Test func `a row is its names, times, scalars and flags, each with a presence byte`() {
        var row = MarketAggregate(instrument: InstrumentIndex(0), ts: 1, tsAvailable: 2)
        row[.spread] = -0.0
        row[.tradeCount] = 1
        row.bookState = .gapped
        row.partial = true
        var encoding = RowEncoding()
        var buffer = GrowableBytes()
        let instrument = Instrument(exchange: "ab", market: .spot, symbol: "C")
        let availability = encoding.append(row, of: instrument, to: &buffer)
        let bytes = buffer.bytes.withUnsafeBytes { Array($0) }
        #expect(Array(bytes[availability]) == [1, 2, 0, 0, 0, 0, 0, 0, 0])
        let number = { (value: UInt8) -> [UInt8] in [1, value, 0, 0, 0, 0, 0, 0, 0] }
        var expected: [UInt8] = [
            2, 0, 0, 0, 0x61, 0x62, 4, 0, 0, 0, 0x73, 0x70, 0x6f, 0x74, 1, 0, 0, 0, 0x43,
        ]
        expected += number(1) + number(2)
        expected += [0] + number(0) + [0, 0, 0]
        expected += [1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f] + Array(repeating: 0, count: 9)
        expected += number(2) + number(0) + number(0) + number(0) + number(1)
        #expect(bytes == expected)
    }

    @Test(arguments: [1, 7, 100, 1 << 20])
    func `rows are sorted alike whatever the memory`(_ limit: Int) throws {
        let instruments = ["B", "A", "C"].map { Instrument(exchange: "x", market: .spot, symbol: $0) }
        var sorter = ContentSorter(limit: limit)
        var expected: [(Int64, String, Int)] = []
        var state: UInt64 = 42
        for row in 0..<200 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let (ts, position) = (Int64(state >> 60), Int(state >> 33) % 3)
            let instrument = instruments[position]
            expected.append((ts, instrument.symbol, row))
            let text = "\(ts)/\(instrument.symbol)/\(row) "
            let (head, tail) = (Array(text.utf8.prefix(2)), Array(text.utf8.dropFirst(2)))
            try sorter.add(
                head.span.bytes,
                tail.span.bytes,
                ts: ts,
                index: InstrumentIndex(UInt32(position)),
                instrument: instrument
            )
        }
        var found = ""
        try sorter.drain { row in found += row.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
        expected.sort { $0 < $1 }
        #expect(found == expected.map { "\($0.0)/\($0.1)/\($0.2) " }.joined())
    }
}
