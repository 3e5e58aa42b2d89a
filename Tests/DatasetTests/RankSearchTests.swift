import MarketModel
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
        let ranks = [0, values.count / 2, values.count - 1]
        var search = RankSearch(ranks: ranks)
        for _ in 0..<RankSearch.passes {
            // Two parts, each value in either.
            var (one, other) = (search.counts, search.counts)
            for value in values { if random.chance(50) { one.add(value) } else { other.add(value) } }
            one.merge(other)
            search.endPass(one)
        }
        #expect(search.values == ranks.map { sorted[$0] }, "seed \(seed)")
    }

    @Test
    func countsAreReadAsTheyWereWritten() throws {
        let blank = RankCounts(prefixes: [0], digit: 0)
        var counts = blank
        for value in [1.0, 1, -2, 3e300, 0, -0.0, 1] { counts.add(value) }
        for _ in 0..<300 { counts.add(7) }
        var parts = StateParts()
        try parts.part("counts", &counts)
        var (read, reader) = (blank, StateParts(reading: parts.parts))
        try reader.part("counts", &read)
        #expect(read == counts && read != blank)
        // The last count, of 3e300, made 0; a number that is cut; one in a longer form; a digit behind the last.
        let bytes = parts.parts[0].bytes
        for tail: [UInt8] in [[0x00], [0x81], [0x81, 0x00]] {
            #expect(throws: StateError.self) { try damaged(Array(bytes.dropFirst(9).dropLast()) + tail) }
        }
        #expect(throws: StateError.self) { try damaged([0xff, 0xff, 0x03, 1, 0, 1]) }
        #expect(throws: Never.self) { try damaged([0xff, 0xff, 0x03, 1]) }
    }

    /// Reads counts of these bytes, after the version and their number.
    private func damaged(_ bytes: [UInt8]) throws {
        var counts = RankCounts(prefixes: [0], digit: 0)
        let size = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) }
        var reader = StateParts(reading: [StatePart(name: "counts", bytes: [1] + size + bytes)])
        try reader.part("counts", &counts)
    }
}
