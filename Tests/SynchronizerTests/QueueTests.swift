import MarketModel
import Testing

@testable import Synchronizer

/// Every sequence of `length` numbers below `bound`.
private func sequences(_ length: Int, below bound: Int) -> [[Int]] {
    var result: [[Int]] = [[]]
    for _ in 0..<length { result = result.flatMap { head in (0..<bound).map { head + [$0] } } }
    return result
}

@Suite struct QueueTests {
    @Test func eventsComeInOrderOfTimeThenLog() {
        for times in sequences(5, below: 4) {
            for edge in 0...4 {
                var queue = EventQueue<Int>()
                for (index, time) in times.enumerated() { queue.insert(index, time: Int64(time)) }
                let sorted = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
                let early = sorted.filter { times[$0] < edge }
                #expect(queue.lastTime(before: Int64(edge)) == early.last.map { Int64(times[$0]) })
                for end in edge...4 {
                    let holds = times.contains { $0 >= edge && $0 < end }
                    #expect(queue.holds(Int64(edge), Int64(end)) == holds)
                }
                // The previous row's events are gone, wherever they were.
                var taken = [7, 8, 9]
                let count = queue.replace(&taken, before: Int64(edge))
                #expect(taken == early && count == early.count)
                for time in Int64(0)..<4 { queue.insert(6, time: time) }
                var rest = taken
                let restCount = queue.replace(&rest, before: .max)
                #expect(rest.filter { $0 != 6 } == Array(sorted.dropFirst(early.count)))
                #expect(restCount == sorted.count - early.count + 4)
                for index in sorted.dropFirst(early.count) { queue.insert(index, time: Int64(times[index])) }
                #expect(queue.count == sorted.count - early.count)
                #expect(queue.firstTime == sorted.dropFirst(early.count).first.map { Int64(times[$0]) })
                let dropped = queue.drop(before: 5)
                #expect(dropped == sorted.count - early.count)
                #expect(queue.isEmpty)
            }
        }
    }

    @Test func aRowShowsTheLatestStateBeforeItsEdge() {
        let grid = Grid(period: 2)
        for times in sequences(5, below: 6) {
            for split in 0...5 {
                var queue = CarriedForward<Int>()
                for index in 0..<split { queue.insert(index, time: Int64(times[index]), grid: grid) }
                // Rows 1 and 2 are emitted before the rest arrives.
                check(&queue, times, upTo: split, rows: 1...2)
                for index in split..<5 { queue.insert(index, time: Int64(times[index]), grid: grid) }
                check(&queue, times, upTo: 5, rows: 3...3)
            }
        }
    }

    private func check(
        _ queue: inout CarriedForward<Int>,
        _ times: [Int],
        upTo count: Int,
        rows: ClosedRange<Int>
    ) {
        for row in rows {
            let shown = queue.advance(to: Int64(2 * row))
            let latest = (0..<count).filter { times[$0] < 2 * row }.max { (times[$0], $0) < (times[$1], $1) }
            #expect(shown == latest, "\(times), \(count) added, row \(row)")
            #expect(queue.currentTime == latest.map { Int64(times[$0]) } ?? .min)
            #expect(!queue.isDue(before: Int64(2 * row)))
        }
    }

    @Test func spansAreThoseOfAListOfInstants() {
        // Even indexes open, odd ones close; times only rise.
        for steps in sequences(5, below: 3) {
            var spans = LiveSpans()
            var time: Int64 = 0
            var marks: [(start: Int64, end: Int64)] = []
            for (index, step) in steps.enumerated() {
                time += Int64(step)
                if index % 2 == 0 {
                    spans.open(at: time)
                    if let last = marks.last, last.end >= time {
                        marks[marks.count - 1].end = .max
                    } else {
                        marks.append((time, .max))
                    }
                } else {
                    spans.close(at: time)
                    marks[marks.count - 1].end = time
                }
            }
            for start in Int64(0)..<9 {
                for end in (start + 1)...10 {
                    let covers = marks.contains { $0.start <= start && $0.end >= end }
                    #expect(spans.covers(start, end) == covers, "\(steps) \(start) \(end)")
                    let began = marks.contains { $0.start < end }
                    #expect(spans.lapses(start, end) == (began && !covers), "\(steps) \(start) \(end)")
                    var later = spans
                    later.forget(before: start)
                    #expect(later.covers(start, end) == covers)
                    #expect(later.lapses(start, end) == (began && !covers))
                }
            }
        }
    }

    @Test func exactTotalsAreThoseOfLongArithmetic() throws {
        let tenth = try FixedDecimal("0.1")
        var sum = ExactTotal()
        for _ in 0..<10 { sum.add(ExactTotal(tenth)) }
        #expect(sum == ExactTotal(try FixedDecimal("1")))
        #expect(ExactTotal(try FixedDecimal("1e-36"), times: try FixedDecimal("1e-36")) > ExactTotal())
        let product = ExactTotal(
            try FixedDecimal("123456789.123456789"),
            times: try FixedDecimal("0.00000001")
        )
        #expect(product == ExactTotal(try FixedDecimal("1.23456789123456789")))
        // 1 / 3 is rounded down: three of them do not reach 1, but lack no more than 3e-24.
        let third = ExactTotal(try FixedDecimal("1"), over: try FixedDecimal("3"))
        var thirds = ExactTotal()
        for _ in 0..<3 { thirds.add(third) }
        #expect(thirds < ExactTotal(try FixedDecimal("1")))
        thirds.add(ExactTotal(try FixedDecimal("1e-24")))
        #expect(!(thirds < ExactTotal(try FixedDecimal("1"))))
        #expect(
            ExactTotal(try FixedDecimal("10"), over: try FixedDecimal("0.00000004"))
                == ExactTotal(try FixedDecimal("250000000"))
        )
        #expect(
            ExactTotal(try FixedDecimal("9e18"), over: try FixedDecimal("1e-36"))
                > ExactTotal(try FixedDecimal("9e18"))
        )
    }
}
