import MarketModel
import OrderBooks
import Testing

@testable import Synchronizer

/// The clock stands still while the market goes on for hours.
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
        let track = try play(options, anchor: anchor).tracks[0]
        // A jump of that length emits no row without events: beyond it, and the horizon of the exchange
        // basis, only what came since the last look waits.
        let limit = basis == .receive ? 36_001 : 4 * 36_000
        #expect(track.bookHistory.count <= limit)
        #expect(track.funding.count <= limit)
        #expect(track.interest.count <= limit)
        if basis == .receive, !anchor { #expect(track.bookHistory.count == 0) }
    }
}
