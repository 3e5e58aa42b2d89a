import Features
import MarketModel
import Rows
import Synchronizer
import Testing

@testable import Replay

/// Rows and notices, in order.
private final class Log: RowSink {
    enum Failure: Error { case full }

    var rows: [Row] = []
    var order: [String] = []
    let limit: Int
    let wants: RowNeeds

    init(limit: Int = .max, wants: RowNeeds = .levels) { (self.limit, self.wants) = (limit, wants) }

    func write(_ row: borrowing Row) throws {
        guard rows.count < limit else { throw Failure.full }
        rows.append(copy row)
        order.append("row of \(row.instrument) \(row.isFinal)")
    }

    func received(_ notice: Notice) { order.append("\(notice)") }
}

/// Frames that become rows on other threads, against the replay on one.
@Suite("Lanes of a replay")
struct LaneTests {
    private func replay(
        _ options: SynchronizerOptions,
        threads: Int,
        runsAhead: Bool,
        into log: Log
    ) throws -> ReplaySummary {
        var options = ReplayOptions(synchronizer: options)
        (options.threads, options.runsAhead) = (threads, runsAhead)
        var replay = try Replay(paths: StateTests.recordings, options: options, into: log)
        #expect((replay.crew != nil) == (runsAhead && threads > 2))
        while try replay.run(limit: 1_000) {}
        return try replay.finish()
    }

    private static var plans: [SynchronizerOptions] {
        var plans = ClockMode.allCases.map { SynchronizerOptions(clock: $0) }
        var shared = SynchronizerOptions(clock: .tradeDriven)
        shared.scope = .global
        var exchange = SynchronizerOptions(clock: .orderbookDriven)
        (exchange.timeBasis, exchange.watermarkDelay) = (.exchange, 200 * UnixTime.millisecond)
        var bars = SynchronizerOptions(clock: .tradeDriven)
        bars.bars = .tick(20)
        plans += [shared, exchange, bars]
        return plans
    }

    /// What a row shows beside its numbers.
    private func text(_ row: Row) -> String {
        let (snapshot, book) = (row.snapshot, row.snapshot.orderbook)
        return
            "\(snapshot.instrument) \(snapshot.trades) \(snapshot.liquidations) \(snapshot.fundingRate as Any) "
            + "\(book?.bids ?? []) \(book?.asks ?? [])"
    }

    @Test("the same rows, notices and counts as on one thread", arguments: 0..<plans.count, [3, 8])
    func sameRows(plan: Int, threads: Int) throws {
        try #require(StateTests.recordings.count == 3)
        for wants in [RowNeeds.levels, []] {
            try check(LaneTests.plans[plan], threads, (Log(wants: wants), Log(wants: wants)))
        }
    }

    private func check(_ options: SynchronizerOptions, _ threads: Int, _ logs: (Log, Log)) throws {
        let (one, several) = logs
        let expected = try replay(options, threads: 1, runsAhead: true, into: one)
        let found = try replay(options, threads: threads, runsAhead: true, into: several)
        #expect(found.digest == expected.digest && found.contentDigest == expected.contentDigest)
        let areSame = several.rows.map(\.aggregate) == one.rows.map(\.aggregate)
        #expect(areSame && one.rows.count > 50)
        #expect(several.order == one.order)
        let areSnapshots = several.rows.map(text) == one.rows.map(text)
        #expect(areSnapshots)
        #expect(found.counts == expected.counts && found.synchronizer == expected.synchronizer)
        #expect(found.lateness == expected.lateness && found.suggestedHoldBack == expected.suggestedHoldBack)
        #expect(found.sequences == expected.sequences && found.checksums == expected.checksums)
        #expect(found.gaps == expected.gaps && found.tops == expected.tops)
        #expect(found.instruments.map(\.instrument) == expected.instruments.map(\.instrument))
        #expect(found.instruments.map(\.rows) == expected.instruments.map(\.rows))
        #expect(found.instruments.map(\.trades) == expected.instruments.map(\.trades))
        #expect(found.instruments.map { "\($0)" } == expected.instruments.map { "\($0)" })
        #expect(found.span?.first == expected.span?.first && found.span?.last == expected.span?.last)
        #expect(found.unknownSamples == expected.unknownSamples)
    }

    @Test("a sink that fails ends the replay, after the rows that it took")
    func failingSink() throws {
        let log = Log(limit: 20)
        #expect(throws: Log.Failure.full) {
            _ = try replay(SynchronizerOptions(clock: .tradeDriven), threads: 3, runsAhead: true, into: log)
        }
        #expect(log.rows.count == 20)
    }

    @Test("a replay that is given up ends its threads, and one that looks between frames has none")
    func givenUp() throws {
        for limit in [0, 1, 5_000] {
            var options = ReplayOptions(synchronizer: SynchronizerOptions(clock: .tradeDriven))
            (options.threads, options.runsAhead) = (5, true)
            var replay = try Replay(paths: StateTests.recordings, options: options, into: Log())
            _ = try replay.run(limit: limit)
        }
        _ = try replay(SynchronizerOptions(clock: .tradeDriven), threads: 4, runsAhead: false, into: Log())
    }
}
