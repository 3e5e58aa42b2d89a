import MarketModel
import Testing

@testable import Synchronizer

/// Driving times of one clock; periods of 100.
@Suite struct RowClockTests {
    /// `@1` where a time anchors the clock at that period, `2` or `3...5` where it makes rows due.
    private func moves(_ text: String, delay: Int64 = 0) -> String {
        let grid = Grid(period: 100, delay: delay)
        var (clock, words): (RowClock, [String]) = (RowClock(), [])
        for time in text.split(separator: " ").compactMap({ Int64($0) }) {
            let (index, target) = clock.drive(to: time, grid)
            if let index {
                guard target != index else { continue }
                words.append(target == index + 1 ? "\(target)" : "\(index + 1)...\(target)")
                clock.advance(to: target, grid)
            } else {
                words.append("@\(target)")
                clock.anchor(at: target, grid)
            }
        }
        return words.joined(separator: " ")
    }

    @Test func eachEdgeMakesTheRowsBeforeItDue() {
        #expect(moves("150 160 199 200 299 650") == "@1 2 3...6")
        #expect(moves("-150 -99 0 1 100") == "@-2 -1 0 1")
    }

    @Test func timesThatFallMoveNothing() {
        #expect(moves("350 120 300 400 310 499") == "@3 4")
    }

    @Test func theDelayHoldsRowsBackButNotTheAnchor() {
        #expect(moves("150 200 229 230 330 800", delay: 30) == "@1 2 3 4...7")
        #expect(moves("150 200 449 450 550", delay: 250) == "@1 2 3")
    }

    @Test func latenessIsThatOfTheGreatestTimeBehindTheRow() {
        let grid = Grid(period: 100)
        var clock = RowClock()
        #expect(clock.lateness(of: 150, grid) == 0)
        for time in [Int64(150), 420, 390] { _ = clock.drive(to: time, grid) }
        #expect(clock.lateness(of: 150, grid) == 220)
        #expect(clock.lateness(of: 410, grid) == 0)
    }

    @Test func aRowOffTheGridBeginsWhereTheLastOneEnded() {
        var clock = RowClock()
        clock.begin(at: 100)
        let rows = [clock.close(at: 150), clock.close(at: 130), clock.closeLast(at: 170)]
        #expect(rows.map(\.start) == [100, 150, 150] && rows.map(\.ts) == [150, 150, 170])
        #expect(clock.edge == .min)
    }
}
