import Report
import Testing

/// Quantiles against the sorted ages themselves.
struct AgeHistogramTests {
    @Test(arguments: UInt64(1)...50)
    func `quantiles are at most a bucket too long`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var histogram = AgeHistogram()
        let ages = (0..<Int.random(in: 1...500, using: &random)).map { _ in
            Int64.random(in: 0...(1 << Int64.random(in: 0...62, using: &random)), using: &random)
        }
        for age in ages { histogram.add(age) }
        let sorted = ages.sorted()
        #expect(histogram.count == ages.count)
        #expect(histogram.greatest == sorted.last)
        for part in [1, 500, 900, 990, 999, 1000] {
            let exact = sorted[max(0, (sorted.count * part + 999) / 1000 - 1)]
            let found = try #require(histogram.quantile(part, of: 1000))
            #expect(found >= exact, "seed \(seed), \(part)")
            #expect(found - exact <= exact / 32 + 1, "seed \(seed), \(part)")
        }
    }

    @Test func `without ages there is no quantile`() {
        #expect(AgeHistogram().quantile(1, of: 2) == nil)
    }

    @Test func `an age below zero counts as none`() {
        var histogram = AgeHistogram()
        histogram.add(-5)
        #expect(histogram.quantile(1, of: 1) == 0)
    }
}
