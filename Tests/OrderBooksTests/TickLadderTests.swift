import MarketModel
import OrderBooks
import Testing

/// Books of thousands of levels on a grid of ticks, whose sides keep their better part by ticks.
@Suite("A deep book on a grid of ticks")
struct TickLadderTests {
    /// What a script does beside changes near the best price.
    enum Turn: CaseIterable {
        /// Nothing.
        case calm
        /// The price runs away, up or down, by thousands of ticks.
        case run
        /// Levels far above, between or below all others, that come and go.
        case outliers
        /// Prices between two ticks.
        case finerTicks
        /// Sizes of another scale, deletions of any.
        case mixedSizes
        /// Prices with more digits.
        case finerPrices
        /// The best few hundred levels go at once.
        case sweep
        /// The book is cut to a depth, as a venue's window is.
        case cuts
    }

    @Test("is the naive book's equal", arguments: Turn.allCases)
    func naive(turn: Turn) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("ladder against naive book: seed \(seed), \(turn)")
        var script = Script(seed: seed, turn: turn)
        var (book, naive) = (OrderBook(), NaiveBook())
        for message in 0..<200 {
            if message % 100 == 0 {
                let (bids, asks) = script.snapshot()
                try book.replace(bids, asks)
                naive.replace(bids: bids, asks: asks)
            } else {
                let (bids, asks) = script.message()
                try book.apply(bids, asks)
                naive.apply(bids: bids, asks: asks)
            }
            if turn == .cuts, message % 50 > 30 {
                for depth in [1000, 350] {
                    book.cut(toDepth: depth)
                    naive.cut(toDepth: depth)
                    try #require(book.invariantsHold, "message \(message), cut to \(depth)")
                }
            }
            try #require(book.invariantsHold, "message \(message)")
            try #require(book.isCrossed == naive.isCrossed, "message \(message)")
            guard message % 20 == 0 || message == 199 else { continue }
            let (bids, asks) = (naive.sortedBids, naive.sortedAsks)
            try #require(text(book.bids) == text(bids), "message \(message)")
            try #require(text(book.asks) == text(asks), "message \(message)")
            for depth in [1, 50, 800] { try expectBest(depth, book, bids, asks) }
        }
    }

    private func expectBest(
        _ depth: Int,
        _ book: OrderBook,
        _ bids: [PriceLevel],
        _ asks: [PriceLevel]
    ) throws {
        var (best, totals, book) = (([] as [PriceLevel], [] as [PriceLevel]), BookTotals(), book)
        book.copyBids(depth, into: &best.0)
        book.copyAsks(depth, into: &best.1)
        try #require(text(best.0) == text(Array(bids.prefix(depth))))
        try #require(text(best.1) == text(Array(asks.prefix(depth))))
        book.readTotals(depth, into: &totals)
        let expected = BookTotals(bids: bids.span, asks: asks.span, depth: depth)
        try #require(totals.bestBid.map { text([$0]) } == expected.bestBid.map { text([$0]) })
        try #require(totals.bestAsk.map { text([$0]) } == expected.bestAsk.map { text([$0]) })
        for (ours, theirs) in [(totals.bidSize, expected.bidSize), (totals.askSize, expected.askSize)] {
            let scale = max(ours.scale, theirs.scale)
            try #require(ours.mantissa(atScale: scale) == theirs.mantissa(atScale: scale))
        }
    }
}

/// Random messages about a moving price of a tick of 0.10, written with two digits.
private struct Script {
    private var random: RandomLevels
    private let turn: TickLadderTests.Turn
    /// In ticks.
    private var middle: Int64 = 600_000

    init(seed: UInt64, turn: TickLadderTests.Turn) {
        random = RandomLevels(seed: seed, shape: 0)
        self.turn = turn
    }

    mutating func snapshot() -> (bids: [PriceLevel], asks: [PriceLevel]) {
        func side(_ sign: Int64) -> [PriceLevel] {
            (0..<1500).map {
                level(middle + sign * (1 + $0 + Int64(random.next(2)) * $0), 1 + random.next(90))
            }
        }
        return (side(-1), side(1))
    }

    mutating func message() -> (bids: [PriceLevel], asks: [PriceLevel]) {
        middle += Int64(random.next(5)) - 2
        if turn == .run, random.chance(1, in: 10) { middle += Int64(random.next(8000)) - 4000 }
        return (side(-1), side(1))
    }

    private mutating func side(_ sign: Int64) -> [PriceLevel] {
        if random.chance(1, in: 12) { return [] }
        // Sorted, best first, as venues send them, or not.
        var ticks = (0..<(1 + random.next(60))).map { _ in
            middle + sign * Int64(random.next(random.chance(1, in: 3) ? 3000 : 120))
        }
        if random.chance(1, in: 2) { ticks.sort { sign * $0 < sign * $1 } }
        var levels = ticks.map { level($0, random.chance(1, in: 3) ? 0 : 1 + random.next(90)) }
        if turn == .sweep, random.chance(1, in: 9) {
            levels = (0..<2200).map { level(middle + sign * $0, 0) } + levels
        }
        guard random.chance(1, in: 9) else { return levels }
        let size = random.chance(1, in: 2) ? 0 : 1 + random.next(90)
        switch turn {
        case .calm, .run, .sweep, .cuts: break
        case .outliers:
            let far = Int64(random.next(3)) * 500_000
            levels.append(level(middle + (random.chance(1, in: 2) ? far : -far), size))
        case .finerTicks: levels.append(level(middle, size, cents: Int64(random.next(10))))
        case .mixedSizes:
            let mixed = PriceLevel(price: level(middle + sign, 1).price, size: decimal(Int64(size), 1))
            levels.append(mixed)
        case .finerPrices:
            let price = decimal((middle + sign) * 1000 + Int64(random.next(3)) * 5, 4)
            levels.append(PriceLevel(price: price, size: decimal(Int64(size), 3)))
        }
        return levels
    }

    private func level(_ tick: Int64, _ size: UInt64, cents: Int64 = 0) -> PriceLevel {
        PriceLevel(price: decimal(tick * 10 + cents, 2), size: decimal(Int64(size), size == 0 ? 0 : 3))
    }

    private func decimal(_ mantissa: Int64, _ scale: UInt8) -> FixedDecimal {
        FixedDecimal(mantissa: mantissa, scale: scale)
    }
}
