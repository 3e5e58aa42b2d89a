import ByteCoding
import Exchanges
import Features
import Foundation
import MarketModel
import OrderBooks
import Pipeline
import Rows
import Synchronizer
import Testing

/// Counts what is in rows.
private final class RowTotals: RowSink {
    var rows = 0
    var trades = 0
    var liquidations = 0

    func write(_ row: borrowing Row) {
        rows += 1
        trades += row.snapshot.trades.count
        liquidations += row.snapshot.liquidations.count
    }
}

/// Whatever the frames are, each one and each trade in them is counted exactly once.
struct PipelineCounterTests {
    private struct Line: Decodable {
        var receiveTime: Int64?
        var frame: String

        private enum CodingKeys: String, CodingKey {
            case receiveTime = "recv_ns"
            case frame
        }
    }

    private static let recordings: [(String, String, Market)] = [
        ("bybit-linear", "bybit", .linear), ("bybit-inverse", "bybit", .inverse),
        ("bybit-spot", "bybit", .spot), ("coinbase", "coinbase", .spot), ("kraken", "kraken", .spot),
    ]

    @Test("counters add up on broken frames of every venue", arguments: recordings, ClockMode.allCases)
    func addUp(recording: (String, String, Market), clock: ClockMode) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("counters: \(recording.0), \(clock), seed \(seed)")
        var breaker = FrameBreaker(seed: seed)
        let (totals, options) = (RowTotals(), SynchronizerOptions(clock: clock, watermarkDelay: 50_000_000))
        var pipeline = try Pipeline(options: options, into: totals)
        let exchange = try #require(ExchangeCatalog.standard.named(recording.1))
        let connection = pipeline.connect(exchange, market: recording.2)
        var (frames, outcomes) = (0, [FrameOutcome: Int]())
        for (frame, time) in try PipelineCounterTests.frames(recording.0) {
            // The frame itself, too, else few books would ever be synced; some twice, for the duplicates.
            var copies = [frame]
            if breaker.chance(1, in: 2) { copies.insert(breaker.broken(frame), at: Int(breaker.next(2))) }
            let isRepeated = breaker.chance(1, in: 9) || pipeline.synchronizer.counters.duplicateTrades == 0
            if isRepeated { copies.append(frame) }
            for copy in copies {
                let outcome = pipeline.receive(copy.span.bytes, on: connection, receiveTime: time)
                outcomes[outcome, default: 0] += 1
                frames += 1
            }
        }
        pipeline.finish()
        let counts = pipeline.counts
        #expect(counts.frames == frames)
        #expect(counts.decodedFrames + counts.ignored + counts.unknown + counts.errorFrames == frames)
        #expect(counts.decodedFrames == outcomes[.decoded, default: 0])
        #expect(counts.errorFrames > 0 && counts.decodeErrors >= counts.errorFrames)
        let kept = pipeline.synchronizer.counters
        #expect(totals.rows == kept.rows)
        #expect(totals.trades == kept.placedTrades && totals.liquidations == kept.placedLiquidations)
        let left = kept.lateEvents + kept.beforeFirstRow + kept.duplicateTrades + kept.snapshotTrades
        #expect(counts.trades + counts.liquidations == totals.trades + totals.liquidations + left)
        #expect(counts.trades > 100 && kept.duplicateTrades > 0)
        // Each kind separately: events before the first row are counted for both together.
        let early = counts.liquidations - totals.liquidations - kept.lateLiquidations
        #expect(early >= 0 && early <= kept.beforeFirstRow)
        let dropped = kept.lateTrades + kept.duplicateTrades + kept.snapshotTrades
        #expect(counts.trades == totals.trades + dropped + kept.beforeFirstRow - early)
        let hasLiquidations = recording.0 == "bybit-linear" || recording.0 == "bybit-inverse"
        #expect(hasLiquidations == (counts.liquidations > 0))
    }

    private static func frames(_ name: String) throws -> [(frame: [UInt8], time: Int64)] {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized.path()
        let path = "\(root)/Recordings/\(name).jsonl.gz"
        let lines = LineReader(try ByteInput(path: path, expansion: .automatic))
        var frames: [(frame: [UInt8], time: Int64)] = []
        while try lines.advance() {
            let line = try JSONDecoder().decode(Line.self, from: lines.line.withUnsafeBytes { Data($0) })
            frames.append((Array(line.frame.utf8), line.receiveTime ?? frames.last?.time ?? 0))
        }
        return frames
    }
}

/// Breaks a frame at random: bytes changed, removed, added or doubled, other digits, an early end.
private struct FrameBreaker {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ bound: UInt64) -> UInt64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return (mixed ^ (mixed >> 31)) % max(1, bound)
    }

    mutating func chance(_ part: UInt64, in whole: UInt64) -> Bool { next(whole) < part }

    mutating func broken(_ frame: [UInt8]) -> [UInt8] {
        var bytes = frame
        for _ in 0...next(2) where !bytes.isEmpty { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let index = Int(next(UInt64(bytes.count)))
        switch next(7) {
        case 0: bytes[index] = UInt8(next(256))
        case 1: bytes.remove(at: index)
        case 2: bytes.removeLast(bytes.count - index)
        case 3: bytes.insert(contentsOf: bytes[index...].prefix(Int(next(60))), at: index)
        case 4: bytes.removeSubrange(index..<min(bytes.count, index + Int(next(60))))
        case 5: bytes.insert(0x2d, at: index)
        default:
            // Changes a digit anywhere: of a time, a price, an identifier, a sequence number.
            let digits = bytes.indices.filter { bytes[$0] &- 0x30 <= 9 }
            if let digit = digits.isEmpty ? nil : digits[Int(next(UInt64(digits.count)))] {
                bytes[digit] = UInt8(0x30 + next(10))
            }
        }
    }
}
