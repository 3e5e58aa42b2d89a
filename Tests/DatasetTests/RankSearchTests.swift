import Testing

@testable import Dataset

@Suite
struct RankSearchTests {
    @Test(arguments: [UInt64](0..<60))
    func findsWhatSortingFinds(seed: UInt64) {
        var random = SeededRandom(seed)
        let special = [0.0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, 1e300, -1e300]
        let values = (0..<Int.random(in: 1...200, using: &random)).map { _ in
            random.chance(30)
                ? special[Int.random(in: 0..<6, using: &random)] : Double.random(in: -5...5, using: &random)
        }
        let sorted = values.sorted()
        for rank in [0, values.count / 2, values.count - 1] {
            var search = RankSearch(rank: rank)
            for _ in 0..<RankSearch.passes {
                for value in values { search.add(value) }
                search.endPass()
            }
            #expect(search.value == sorted[rank], "seed \(seed) rank \(rank)")
        }
    }
}
