import Foundation
import MarketModel
import Testing

@testable import Synchronizer

/// A generator whose seed a failing test prints.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }
}

/// Random streams with ties, reordering, gaps, bursts, duplicates, breaks, several instruments and
/// connections.
struct RandomStream {
    var generator: SeededGenerator
    let unit: Int64 = 1_000_000

    /// How many streams the tests play: `ATELIER_STREAMS`, or a default for everyday runs.
    static let count = ProcessInfo.processInfo.environment["ATELIER_STREAMS"].flatMap(UInt64.init) ?? 1500

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func options() -> SynchronizerOptions {
        var options = SynchronizerOptions()
        options.clock = ClockMode.allCases.randomElement(using: &generator) ?? .external
        options.timeBasis = TimeBasis.allCases.randomElement(using: &generator) ?? .receive
        options.period = [4, 7, 10, 100].randomElement(using: &generator, default: 10) * unit
        options.watermarkDelay = [0, 0, 5, 23, 250].randomElement(using: &generator, default: 0) * unit
        options.maxGapFill = [0, 2, 5, 30, 36_000].randomElement(using: &generator, default: 5)
        options.depth = 1
        if options.clock != .external, Int.random(in: 0..<3, using: &generator) == 0 {
            options.scope = .global
        }
        if options.clock == .external, Bool.random(using: &generator) {
            var times: [Int64] = []
            var time = Int64.random(in: 0..<2000, using: &generator)
            for _ in 0..<Int.random(in: 0..<20, using: &generator) {
                times.append(time * unit)
                time += Int64.random(in: 0..<60, using: &generator)
            }
            options.ticks = .times(times)
        }
        return options
    }

    mutating func timeline() -> Timeline {
        var steps: [Timeline.Step] = []
        var now = Int64.random(in: 0..<1000, using: &generator)
        let instruments = Int.random(in: 1...3, using: &generator)
        let connections = Int32.random(in: 1...2, using: &generator)
        for _ in 0..<Int.random(in: 1...60, using: &generator) {
            now += pause()
            let connection = Int32.random(in: 0..<connections, using: &generator)
            if Int.random(in: 0..<40, using: &generator) == 0 {
                steps.append(.cut(connection: connection, at: now * unit))
                continue
            }
            steps.append(.frame(frame(connection, now, instruments)))
        }
        return Timeline(steps: steps)
    }

    private mutating func pause() -> Int64 {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<6: 0
        case 6..<17: Int64.random(in: 0..<8, using: &generator)
        case 17, 18: Int64.random(in: 0..<90, using: &generator)
        default: Int64.random(in: 0..<400, using: &generator)
        }
    }

    private mutating func frame(_ connection: Int32, _ now: Int64, _ instruments: Int) -> Timeline.Frame {
        var events: [Timeline.Event] = []
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let instrument = Int.random(in: 0..<instruments, using: &generator)
            events.append(
                Timeline.Event(
                    kind: kind(),
                    instrument: instrument,
                    venue: stamp(now),
                    id: Int.random(in: 0..<3, using: &generator) == 0
                        ? "\(Int.random(in: 0..<12, using: &generator))" : nil
                )
            )
        }
        if events.contains(where: { $0.kind == .lost }) { events.removeAll { $0.kind == .lost } }
        if Int.random(in: 0..<30, using: &generator) == 0 {
            events.insert(Timeline.Event(kind: .lost, instrument: 0, venue: nil), at: 0)
        }
        return Timeline.Frame(
            connection: connection,
            receive: now * unit,
            venue: Int.random(in: 0..<10, using: &generator) == 0 ? nil : stamp(now),
            events: events
        )
    }

    /// Usually shortly before receipt, sometimes long before, ahead, or absurdly far ahead.
    private mutating func stamp(_ now: Int64) -> Int64 {
        switch Int.random(in: 0..<30, using: &generator) {
        case 0: (now - Int64.random(in: 0..<600, using: &generator)) * unit
        case 1: (now + Int64.random(in: 0..<40, using: &generator)) * unit
        case 2: (now + 10_000) * unit + Int64.random(in: 0...1, using: &generator)
        default: (now - Int64.random(in: 0..<6, using: &generator)) * unit
        }
    }

    private mutating func kind() -> Timeline.Kind {
        switch Int.random(in: 0..<40, using: &generator) {
        case 0..<14: .trade
        case 14..<24: .book(isGapped: false)
        case 24, 25: .book(isGapped: true)
        case 26..<30: .liquidation
        case 30, 31: .funding
        case 32, 33: .interest
        case 34: .snapshotTrade
        case 35: .live(.trades, all: false)
        case 36: .live([.liquidations, .trades], all: true)
        case 37: .unsubscribed(.trades)
        case 38: .unsubscribed(.book)
        default: .bookFault
        }
    }
}

extension Array {
    fileprivate func randomElement(
        using generator: inout SeededGenerator,
        default element: Element
    ) -> Element { randomElement(using: &generator) ?? element }
}

@Suite struct RandomStreamTests {
    @Test func rowsAndCountersAreThoseOfTheNaiveModel() throws {
        for seed in UInt64(1)...RandomStream.count {
            var stream = RandomStream(seed: seed)
            let options = stream.options()
            let timeline = stream.timeline()
            let naive = NaiveSynchronizer(options, timeline)
            var player = try Player(options)
            player.synchronizer.pruneFrom = Int(seed % 5) + 1
            player.play(timeline)
            player.finish()
            let skipped = player.collector.jumps.map(\.skippedRows).sorted()
            let isSame =
                player.collector.rows == naive.rows && player.synchronizer.counters == naive.counters
                && skipped == naive.skipped.sorted()
            guard !isSame else { continue }
            let (found, expected) = (text(player.collector.rows), text(naive.rows))
            let index = zip(found, expected).prefix { $0 == $1 }.count
            Issue.record(
                """
                seed \(seed), \(options)
                \(timeline.steps.map { "\($0)" }.joined(separator: "\n"))
                row \(index): found \(found.dropFirst(index).first ?? "none"), \
                expected \(expected.dropFirst(index).first ?? "none")
                found \(player.synchronizer.counters), skipped \(skipped)
                expected \(naive.counters), skipped \(naive.skipped.sorted())
                """
            )
            return
        }
    }

    private func text(_ rows: [Row]) -> [String] {
        rows.map { $0.text(unit: 1_000_000, [.available, .quality, .ages]) }
    }

    @Test func everyTradeIsInOneRowOfItsInstrumentOrInOneCounter() throws {
        for seed in UInt64(10_001)...12_000 {
            var stream = RandomStream(seed: seed)
            var options = stream.options()
            if seed % 3 == 0 {
                options.scope = .instrument
                options.watermarkDelay = 0
                options.sampling = .event
            }
            if seed % 3 == 1 {
                options.scope = .instrument
                options.watermarkDelay = 0
                options.ticks = .everyPeriod
                options.clock = .tradeDriven
                options.bars = .tick(Int(seed % 7) + 1)
            }
            let timeline = stream.timeline()
            var player = try Player(options)
            player.play(timeline)
            player.finish()
            player.finish()
            let counters = player.synchronizer.counters
            var sent = 0
            for case .frame(let frame) in timeline.steps {
                sent += frame.events.count { [.trade, .snapshotTrade, .liquidation].contains($0.kind) }
            }
            let placed = counters.placedTrades + counters.placedLiquidations
            let counted = counters.lateEvents + counters.beforeFirstRow + counters.duplicateTrades
            #expect(sent == placed + counted + counters.snapshotTrades, "seed \(seed)")
            let inRows = player.collector.rows.reduce(0) { $0 + $1.trades.count + $1.liquidations.count }
            #expect(inRows == placed, "seed \(seed)")
        }
    }
}
