import MarketModel
import OrderBooks
import Testing

@testable import Synchronizer

/// The clock stands still while the market continues for hours.
@Suite struct StandingClockTests {
    /// Three hours of books, funding and open interest at 10 per second, after one trade.
    private func play(_ options: SynchronizerOptions, anchor: Bool) throws -> MarketSynchronizer {
        var player = try Player(options)
        if anchor { player.play(Timeline("t100 b100", unit: 1_000_000)) }
        for period in Int64(2)...120_000 {
            let time = period * 100_000_000
            let events: [Timeline.Kind] = [.book(isGapped: false), .funding, .interest]
            let frame = Timeline.Frame(
                connection: 0,
                receive: time,
                venue: time,
                events: events.map { Timeline.Event(kind: $0, instrument: 0, venue: time) }
            )
            player.play(Timeline(steps: [.frame(frame)]))
        }
        return player.synchronizer
    }

    @Test(arguments: [true, false], TimeBasis.allCases)
    func whatWaitsIsBounded(anchor: Bool, basis: TimeBasis) throws {
        let options = SynchronizerOptions(clock: .tradeDriven, timeBasis: basis, depth: 1)
        let track = try play(options, anchor: anchor).states[0]
        // A jump of that length emits no empty rows: beyond it, and the horizon of the exchange basis, only
        // recent events are kept.
        let limit = basis == .receive ? 36_001 : 4 * 36_000
        #expect(track.book.captureCount <= limit)
        #expect(track.rows.stateCount <= limit)
        if basis == .receive, !anchor { #expect(track.book.captureCount == 0) }
    }

    /// Foreign files may contain any time; the last period's right edge does not fit into 64 bits.
    @Test(arguments: [ClockMode.tradeDriven, .orderbookDriven], TimeBasis.allCases)
    func theEndOfTimeEmitsNothingAgainAndAgain(clock: ClockMode, basis: TimeBasis) throws {
        var synchronizer = try MarketSynchronizer(
            options: SynchronizerOptions(clock: clock, timeBasis: basis, depth: 1)
        )
        var host = NumberedHost()
        host.books.admit(0)
        let one = FixedDecimal(mantissa: 1, scale: 0)
        for _ in 0..<50 {
            let stamp = FrameStamp(connection: 0, receiveTime: .max, exchangeTime: .max)
            synchronizer.begin(frame: stamp, for: &host)
            let update = BookUpdate(
                instrument: InstrumentIndex(0),
                isSnapshot: false,
                depth: 1,
                firstLevel: 0,
                bidCount: 0,
                askCount: 0,
                exchangeTime: .max,
                receiveTime: .max
            )
            synchronizer.willApply(update, on: 0, for: &host)
            synchronizer.didApply(InstrumentIndex(0), isGapped: false, for: &host)
            let trade = Trade(
                instrument: InstrumentIndex(0),
                side: .buy,
                price: one,
                size: one,
                id: .none,
                exchangeTime: .max,
                receiveTime: .max
            )
            synchronizer.add(trade, on: 0, for: &host)
        }
        #expect(host.collector.rows.isEmpty)
        #expect(synchronizer.states[0].book.captureCount <= 1)
    }
}
