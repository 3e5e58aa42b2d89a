import MarketModel
import Testing

@testable import Dataset

@Suite
struct ScaleTests {
    private func fit(_ values: [Double?], _ kind: NormalisationKind) throws -> FeatureScale {
        var fit = ScaleFit(kind, features: 1)
        while var tally = fit.tally {
            for value in values {
                var row = DatasetRow(features: 1)
                row.isPresent = [value != nil]
                row.values = [value ?? 0]
                tally.add(row)
            }
            fit.end(with: tally)
        }
        return try #require(fit.scales?.first)
    }

    @Test
    func sumsAreExactInAnyOrder() throws {
        let values = [1e300, 1, -1e300, 1e-3, .leastNonzeroMagnitude, -1, 2.5]
        let one = try fit(values, .zScore)
        let two = try fit(values.reversed(), .zScore)
        #expect(one == two)
        #expect(one.center == 2.501 / 7)
        var sum = ExactSum(squares: false)
        for value in [-3.5, 1, .leastNonzeroMagnitude, 2.5, -.leastNonzeroMagnitude] { sum.add(value) }
        #expect(sum.whole.isZero)
    }

    @Test(arguments: [UInt64](0..<40))
    func momentsAgreeWithWholeNumbers(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let values = (0..<Int.random(in: 1...50, using: &random)).map { _ in
            Int.random(in: -1_000_000...1_000_000, using: &random)
        }
        let scale = try fit(values.map { Double($0) }, .zScore)
        let (count, sum) = (values.count, values.reduce(0, +))
        #expect(scale.center == Double(sum) / Double(count))
        // Both whole numbers stay below 2^53.
        let spread = count * values.reduce(0) { $0 + $1 * $1 } - sum * sum
        #expect(abs(scale.spread - Double(spread).squareRoot() / Double(count)) <= scale.spread * 1e-15)
    }

    @Test(arguments: [NormalisationKind.zScore, .robust])
    func aSpreadThatRoundingMadeIsZero(kind: NormalisationKind) throws {
        let noise = (0..<100).map { 1000 + ($0 % 2 == 0 ? 0 : 1.1368683772161603e-13) }
        let scale = try fit(noise, kind)
        #expect(scale.spread == 0 && scale.measure == .none)
        #expect(scale.scaled(1000 + 1e-13) == 0)
        // Far above rounding, however small beside the values.
        let small = (0..<100).map { 1000 + ($0 % 2 == 0 ? 0 : 1e-6) }
        #expect(try fit(small, kind).spread > 0)
    }

    @Test
    func theEdgeIsTwoToTheMinusForty() throws {
        // σ is half the distance of two values: 2^−40 of the greatest, and a bit more.
        let greatest = 1.0
        let edge = try fit([greatest, greatest - 0x1p-39], .zScore)
        #expect(edge.spread == 0)
        let above = try fit([greatest, greatest - 0x1.002p-39], .zScore)
        #expect(above.spread == 0x1.002p-40)
    }

    @Test
    func aMedianDeviationOfZeroFallsBack() throws {
        // 60 of 100 are 5: no median deviation; the third quartile is 9.
        let skewed = (0..<100).map { $0 < 60 ? 5.0 : 9.0 }
        let byQuartiles = try fit(skewed, .robust)
        #expect(byQuartiles.measure == .quartiles && byQuartiles.center == 5)
        #expect(byQuartiles.spread == 0.7413 * 4)
        // 90 of 100 are 0: the quartiles meet too.
        let rare = (0..<100).map { $0 < 90 ? 0.0 : 1.0 }
        let byDeviation = try fit(rare, .robust)
        #expect(byDeviation.measure == .deviation)
        #expect(abs(byDeviation.spread - 0.3) < 1e-15)
        let usual = try fit([1, 2, 3, 4, 100], .robust)
        #expect(usual.measure == .medianDeviation && usual.spread == 1.4826)
    }

    @Test
    func quartilesLieBetweenRanks() throws {
        // Ranks 0.75 and 2.25 of [0, 0, 0, 8]: 0 and 2.
        let scale = try fit([0, 0, 0, 8], .robust)
        #expect(scale.measure == .quartiles && scale.spread == 0.7413 * 2)
    }

    @Test
    func nothingHasNoScale() throws {
        for kind in [NormalisationKind.zScore, .robust] {
            let none = try fit([nil, nil], kind)
            #expect(none.count == 0 && none.spread == 0 && none.measure == .none)
        }
    }
}
