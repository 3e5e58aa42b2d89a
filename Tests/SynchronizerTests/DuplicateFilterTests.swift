import MarketModel
import Testing

@testable import Synchronizer

@Suite struct DuplicateFilterTests {
    private func id(_ number: Int) throws -> TradeID {
        try #require(TradeID("\(number)"))
    }

    @Test func anIdIsADuplicateUntilTheHundredThousandAndFirstLaterOne() throws {
        var filter = DuplicateFilter()
        for number in 0..<100_000 { #expect(filter.insert(try id(number))) }
        // All are remembered; a repeated id is not moved to the end.
        let first = !filter.insert(try id(0))
        let last = !filter.insert(try id(99_999))
        #expect(first && last)
        #expect(filter.insert(try id(100_000)))
        // The first was forgotten; adding it again pushes out the second.
        #expect(filter.insert(try id(0)))
        #expect(filter.insert(try id(1)))
        let third = !filter.insert(try id(3))
        #expect(third)
    }

    @Test func noIdIsNeverADuplicate() {
        var filter = DuplicateFilter()
        let first = !filter.insert(.none)
        let second = !filter.insert(.none)
        #expect(!first && !second)
    }

    @Test func itIsThatOfTheNaiveOneOverMoreThanTwoRounds() throws {
        var filter = DuplicateFilter()
        var generator = SeededGenerator(seed: 11)
        var known: Set<Int> = []
        var order: [Int] = []
        var oldest = 0
        for step in 0..<280_000 {
            // Old ids repeat now and then, from within the memory and from before it.
            let number =
                Int.random(in: 0..<5, using: &generator) == 0
                ? max(0, step - Int.random(in: 0..<160_000, using: &generator)) : step
            let expected = known.contains(number)
            if !expected {
                known.insert(number)
                order.append(number)
                if known.count > 100_000 {
                    known.remove(order[oldest])
                    oldest += 1
                }
            }
            let found = !filter.insert(try id(number))
            guard found == expected else {
                Issue.record("step \(step), id \(number): found \(found), expected \(expected)")
                return
            }
        }
    }
}
