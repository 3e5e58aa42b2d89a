import MarketModel
import OrderBooks
import Synchronizer
import Testing

@testable import Features

@Suite struct AggregateTests {
    private func aggregate(
        _ rows: [MarketSnapshot],
        _ market: Market = .linear
    ) -> MarketAggregate {
        var builder = AggregateBuilder()
        var last = MarketAggregate(instrument: InstrumentIndex(0), ts: 0, tsAvailable: 0)
        for row in rows { last = builder.aggregate(row, market: market) }
        return last
    }

    private func funding(_ rate: String, hours: String?) -> FundingRate {
        FundingRate(
            instrument: InstrumentIndex(0),
            rate: decimal(rate),
            nextFundingTime: 3_500_000_000,
            intervalHours: hours.map(decimal),
            exchangeTime: 0,
            receiveTime: 0
        )
    }

    private func interest(_ contracts: String, value: String? = nil, mark: String? = nil) -> OpenInterest {
        OpenInterest(
            instrument: InstrumentIndex(0),
            openInterest: decimal(contracts),
            value: value.map(decimal),
            markPrice: mark.map(decimal),
            exchangeTime: 0,
            receiveTime: 0
        )
    }

    @Test func theSpecifiedChecks() {
        var row = row()
        row.orderbook = book([level("99", "6"), level("98", "4")], [level("101", "3"), level("102", "2")])
        row.trades = [trade("100", "0.5"), trade("200", "1")]
        row.fundingRate = funding("0.0001", hours: "8")
        row.openInterest = interest("5000")
        var next = row
        next.openInterest = interest("5200")
        let result = aggregate([row, next])
        #expect(result[.imbalance] == 1.0 / 3)
        #expect(result[.tradeVWAP] == 250 / 1.5)
        #expect(result[.fundingAnnualized] == 0.0001 * 8760 / 8)
        #expect(abs((result[.fundingAnnualized] ?? 0) - 0.1095) < 1e-15)
        #expect(result[.openInterestChange] == 200)
        #expect(result[.midPrice] == 100 && result[.spread] == 2)
        #expect(result[.tradeVolume] == 1.5 && result[.tradeCount] == 2)
        #expect(result[.fundingNextSettlement] == 2500)
    }

    @Test func `amounts of contracts are those of the definition, and none without one; ratios need none`()
        throws
    {
        var (builder, row) = (AggregateBuilder(), row())
        row.trades = [trade("100", "5"), trade("200", "10")]
        row.openInterest = interest("50")
        let evaluate = { (aggregate: MarketAggregate) throws -> [Double?] in
            var evaluator = try FeatureEvaluator(names: [
                "trade_notional", "signed_volume", "trade_imbalance",
            ])
            var (values, present) = ([Double](), [Bool]())
            evaluator.evaluate(row, aggregate, market: .inverse, values: &values, isPresent: &present)
            return zip(values, present).map { $1 ? $0 : nil }
        }
        builder.countsContracts(row.instrument, of: nil)
        let unknown = builder.aggregate(row, market: .inverse)
        #expect(unknown[.tradeVolume] == nil && unknown[.openInterestValue] == nil)
        #expect(unknown[.tradeVWAP] == 150 && unknown[.tradeCount] == 2 && unknown[.openInterest] == 50)
        #expect(try evaluate(unknown).dropLast() == [nil, nil])
        builder.countsContracts(row.instrument, of: decimal("100"))
        let known = builder.aggregate(row, market: .inverse)
        #expect(known[.tradeVolume] == 10 && known[.tradeVWAP] == 150 && known[.openInterestValue] == 5_000)
        #expect(try evaluate(known).first == 1_500)
        #expect(try evaluate(known).last == evaluate(unknown).last)
    }

    @Test func whatIsObservedAndEmptyIsZero() {
        let result = aggregate([row()])
        #expect(result[.tradeVolume] == 0 && result[.tradeCount] == 0 && result[.tradeVWAP] == nil)
        #expect(result[.liquidationNotional] == 0 && result[.liquidationCount] == 0)
        #expect(result[.liquidationImbalance] == nil)
    }

    @Test func whatIsNotObservedIsAbsentWhateverTheRowHolds() {
        var row = row(observed: .book)
        row.trades = [trade("100", "1")]
        row.liquidations = [liquidation("100", "1", .buy)]
        let result = aggregate([row])
        for scalar in MarketAggregate.Scalar.allCases { #expect(result[scalar] == nil, "\(scalar)") }
        #expect(result.mask == 0)
    }

    @Test func oneSideEmptyLeavesTheImbalance() {
        var row = row()
        row.orderbook = book([level("99", "6")], [])
        #expect(aggregate([row])[.imbalance] == 1)
        #expect(aggregate([row])[.midPrice] == nil && aggregate([row])[.spread] == nil)
        row.orderbook = book([], [level("99", "6")])
        #expect(aggregate([row])[.imbalance] == -1)
        row.orderbook = book([], [])
        #expect(aggregate([row])[.imbalance] == nil)
    }

    @Test func aCrossedBookHasNoScalars() {
        var row = row()
        row.orderbook = book([level("101", "6")], [level("100", "3")], isCrossed: true)
        let result = aggregate([row])
        #expect(result[.midPrice] == nil && result[.spread] == nil && result[.imbalance] == nil)
    }

    @Test func onlyTheBestLevelsAreSummed() {
        var row = row()
        row.orderbook = book(
            [level("99", "6"), level("98", "400")],
            [level("101", "3"), level("102", "2")],
            depth: 1
        )
        #expect(aggregate([row])[.imbalance] == 1.0 / 3)
    }

    @Test func inverseSizesAreQuote() {
        var row = row()
        row.orderbook = book([level("99", "6")], [level("101", "3")])
        row.trades = [trade("100", "50"), trade("200", "200")]
        row.liquidations = [liquidation("100", "30", .sell), liquidation("50", "10", .buy)]
        row.openInterest = interest("5000", mark: "100")
        let result = aggregate([row], .inverse)
        #expect(result[.tradeVolume] == 1.5)
        #expect(result[.tradeVWAP] == 250 / 1.5)
        #expect(result[.liquidationNotional] == 40 && result[.liquidationImbalance] == -0.5)
        #expect(result[.imbalance] == 1.0 / 3)
        #expect(result[.openInterest] == 5000 && result[.openInterestValue] == nil)
        row.openInterest = interest("5000", value: "51", mark: "100")
        #expect(aggregate([row], .inverse)[.openInterestValue] == 51)
    }

    @Test func openInterestIsValuedByTheVenueElseByTheMark() {
        var row = row()
        row.openInterest = interest("10", value: "1001", mark: "100")
        #expect(aggregate([row])[.openInterestValue] == 1001)
        row.openInterest = interest("10", mark: "100")
        #expect(aggregate([row])[.openInterestValue] == 1000)
        row.openInterest = interest("10")
        #expect(aggregate([row])[.openInterestValue] == nil)
    }

    @Test func aChangeNeedsBothRows() {
        var first = row()
        first.openInterest = interest("10")
        var third = row()
        third.openInterest = interest("12")
        #expect(aggregate([first, row(), third])[.openInterestChange] == nil)
        #expect(aggregate([first, third])[.openInterestChange] == 2)
        #expect(aggregate([first])[.openInterestChange] == nil)
    }

    @Test func fundingWithoutAnIntervalIsNotAnnualized() {
        var row = row()
        row.fundingRate = funding("0.0001", hours: nil)
        #expect(aggregate([row])[.fundingRate] == 0.0001 && aggregate([row])[.fundingAnnualized] == nil)
    }

    // MARK: - Exactness

    /// The double nearest to a fraction, by bisection over doubles in 128-bit integers: slow and plain.
    private func isNearest(_ found: Double, _ numerator: Int128, _ denominator: Int128) -> Bool {
        // |found·den − num| is no greater than at either neighbour; the numbers are small enough to scale
        // doubles by 2^60 within 128 bits.
        func distance(_ value: Double) -> Double? {
            let scaled = value * 0x1p60
            guard abs(scaled) < 0x1p66, scaled == scaled.rounded() else { return nil }
            let (left, right) = (Int128(scaled) * denominator, numerator << 60)
            return Double((left - right).magnitude)
        }
        guard let own = distance(found) else { return false }
        return [found.nextUp, found.nextDown].allSatisfy { neighbour in
            distance(neighbour).map { $0 >= own } ?? true
        }
    }

    @Test func theSpreadIsTheDoubleNearestToTheDecimal() {
        #expect(ExactDifference.nearest(decimal("0.3"), decimal("0.1")) == 0.2)
        #expect(ExactDifference.nearest(decimal("67000.10"), decimal("67000.1")) == 0)
        #expect(ExactDifference.nearest(decimal("9000000000000000000"), decimal("1e-18")) == 9e18)
        #expect(ExactDifference.nearest(decimal("1e-36"), decimal("1")) == -1)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let scale = UInt8.random(in: 0...8, using: &generator)
            let ask = Int64.random(in: 1...10_000_000_000, using: &generator)
            let bid = ask - Int64.random(in: 0...1_000_000, using: &generator)
            let found = ExactDifference.nearest(
                FixedDecimal(mantissa: ask * 100, scale: scale + 2),
                FixedDecimal(mantissa: bid, scale: scale)
            )
            let text = FixedDecimal(mantissa: ask - bid, scale: scale).description
            #expect(found == Double(text), "\(ask) - \(bid) at scale \(scale)")
        }
    }

    @Test func theImbalanceIsTheDoubleNearestToTheFraction() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<5000 {
            let sides = (0..<2).map { _ in
                (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                    FixedDecimal(
                        mantissa: Int64.random(in: 1...2_000_000, using: &generator),
                        scale: UInt8.random(in: 0...4, using: &generator)
                    )
                }
            }
            let sums = try sides.map { side in
                try side.reduce(Int128(0)) { $0 + Int128(try #require($1.mantissa(atScale: 4))) }
            }
            let levels = sides.map { $0.map { PriceLevel(price: decimal("1"), size: $0) } }
            let (bids, asks) = (levels[0], levels[1])
            let bidSize = SizeSum(bids.span, limit: 50)
            let askSize = SizeSum(asks.span, limit: 50)
            let found = try #require(Imbalance.nearest(bidSize, askSize))
            // Below 2^-8 the neighbours are not multiples of 2^-60.
            #expect(abs(found) < 0x1p-8 || isNearest(found, sums[0] - sums[1], sums[0] + sums[1]))
        }
    }
}
