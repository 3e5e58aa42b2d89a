import MarketModel
import OrderBooks
import Testing

@Suite("Totals of a book")
struct BookTotalsTests {
    @Test(
        "are the sums of its best levels on random streams, also of thousands of levels",
        arguments: [(3, false), (3, true), (4, false), (4, true)],
        [1, 10, 50, 100, 4000]
    )
    func random(stream kind: (shape: Int, hasOneScale: Bool), depth: Int) throws {
        let hasOneScale = kind.hasOneScale
        let seed = UInt64.random(in: .min ... .max)
        print("totals: seed \(seed), \(hasOneScale ? "one scale" : "mixed scales"), depth \(depth)")
        var stream = RandomLevels(seed: seed, shape: kind.shape)
        var book = OrderBook()
        var totals = BookTotals()
        try book.replace(take(&stream, true, hasOneScale), take(&stream, true, hasOneScale))
        for message in 0..<(kind.shape == 3 ? 2000 : 60) {
            try book.apply(take(&stream, false, hasOneScale), take(&stream, false, hasOneScale))
            book.readTotals(depth, into: &totals)
            try #require(isSum(totals.bidSize, of: book.bids.prefix(depth)), "message \(message)")
            try #require(isSum(totals.askSize, of: book.asks.prefix(depth)), "message \(message)")
            #expect(totals.bestBid.map(text) == book.bids.first.map(text))
            #expect(totals.bestAsk.map(text) == book.asks.first.map(text))
        }
    }

    @Test("of a side without levels are none")
    func empty() throws {
        var book = OrderBook()
        try book.replace([], levels("2@3"))
        try book.replace([], [])
        var totals = BookTotals()
        book.readTotals(50, into: &totals)
        #expect(totals.bestBid == nil && totals.bestAsk == nil)
        #expect(totals.bidSize == SizeSum(mantissa: 0, scale: 0))
        #expect(totals.askSize == SizeSum(mantissa: 0, scale: 0))
    }

    @Test("are exact where 64 bits are too few, and the sum of doubles where 128 are")
    func wide() throws {
        let huge = try levels("3@9000000000000000000 2@9000000000000000000 1@0.5")
        let sum = SizeSum(huge.span, limit: 3)
        #expect(sum == SizeSum(mantissa: 180_000_000_000_000_000_005, scale: 1))
        #expect(SizeSum(huge.span, limit: 1).mantissa == 9_000_000_000_000_000_000)
        var book = OrderBook()
        try book.replace(huge, [])
        var totals = BookTotals()
        book.readTotals(3, into: &totals)
        #expect(totals.bidSize == sum)
        let far = try levels("2@9000000000000000000 1@0.000000000000000000000000000000000001")
        let rounded = SizeSum(far.span, limit: 2)
        #expect(rounded.rounded == 9e18 && rounded.doubleValue == 9e18)
        #expect(rounded.mantissa(atScale: 36) == nil)
    }

    private func take(_ stream: inout RandomLevels, _ isSnapshot: Bool, _ hasOneScale: Bool) -> [PriceLevel] {
        stream.levels(isSnapshot).map { level in
            guard hasOneScale else { return level }
            return PriceLevel(price: level.price, size: FixedDecimal(mantissa: level.size.mantissa, scale: 3))
        }
    }

    /// Added one by one, at the stream's finest scale.
    private func isSum(_ sum: SizeSum, of levels: ArraySlice<PriceLevel>) -> Bool {
        var expected: Int128 = 0
        for level in levels {
            guard let mantissa = level.size.mantissa(atScale: 6) else { return false }
            expected += Int128(mantissa)
        }
        return sum.mantissa(atScale: 6) == expected
    }

    private func text(_ level: PriceLevel) -> String { "\(level.price)@\(level.size)" }
}
