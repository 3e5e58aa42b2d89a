import MarketModel
import OrderBooks
import Testing

@Suite("An order book")
struct OrderBookTests {
    @Test("sorts, replaces, deletes and keeps the digits of the wire")
    func keepsDigits() throws {
        var book = OrderBook()
        try book.replace(
            levels("5@1 5.10@2.00 4.9@3"),
            levels("5.30@1 5.2@0.50")
        )
        #expect(text(book.bids) == "5.10@2.00 5@1 4.9@3")
        #expect(text(book.asks) == "5.2@0.50 5.30@1")
        try book.apply(levels("5.0@7.0 4.90@0.000 9@0"), levels("5.25@4"))
        #expect(text(book.bids) == "5.10@2.00 5.0@7.0")
        #expect(text(book.asks) == "5.2@0.50 5.25@4 5.30@1")
        #expect(book.bidSize(5) == SizeSum(mantissa: 900, scale: 2))
        #expect(book.askSize(2) == SizeSum(mantissa: 450, scale: 2))
        #expect(!book.isCrossed)
    }

    @Test("copies, sums, cuts and takes finer prices however deep it is")
    func deep() throws {
        var (book, naive) = (OrderBook(), NaiveBook())
        let bids = try (0..<3000).map { try level("\(5000 - $0).5", "\($0 % 7 + 1).25") }
        let asks = try (0..<3000).map { try level("\(5001 + $0)", "2") }
        try book.replace(bids, asks)
        naive.replace(bids: bids, asks: asks)
        for depth in [0, 1, 50, 159, 160, 161, 320, 1000, 2999, 3000, 4000] {
            var (best, worst): ([PriceLevel], [PriceLevel]) = ([], [])
            book.copyBids(depth, into: &best)
            book.copyAsks(depth, into: &worst)
            #expect(text(best) == text(Array(naive.sortedBids.prefix(depth))), "depth \(depth)")
            #expect(text(worst) == text(Array(naive.sortedAsks.prefix(depth))), "depth \(depth)")
            let sum = naive.sortedBids.prefix(depth).reduce(Int128(0)) { $0 + Int128($1.size.mantissa) }
            #expect(book.bidSize(depth) == SizeSum(mantissa: sum, scale: depth == 0 ? 0 : 2))
        }
        // A finer price than all before it, thousands of levels down.
        let fine = try [level("2500.1234", "9"), level("4999.5", "0")]
        try book.apply(fine, fine)
        naive.apply(bids: fine, asks: fine)
        #expect(text(book.bids) == text(naive.sortedBids) && text(book.asks) == text(naive.sortedAsks))
        for depth in [2000, 200, 3] {
            book.cut(toDepth: depth)
            naive.cut(toDepth: depth)
            #expect(book.invariantsHold)
            #expect(text(book.bids) == text(naive.sortedBids) && text(book.asks) == text(naive.sortedAsks))
        }
    }

    @Test("judges crossing after the whole message, locked counts as crossed")
    func crossing() throws {
        var book = OrderBook()
        try book.replace(levels("10@1"), levels("11@1"))
        try book.apply(levels("12@1 12@0"), [])
        #expect(!book.isCrossed)
        try book.apply(levels("11.0@1"), [])
        #expect(book.isCrossed)
        try book.apply([], levels("11@0"))
        #expect(!book.isCrossed)
    }

    @Test("refuses what 64 bits do not hold exactly, and negative sizes")
    func refuses() throws {
        var book = OrderBook()
        let huge = try level("9000000000000000000", "1")
        let fine = try level("0.1", "1")
        #expect(throws: OrderBookError.unrepresentable(fine.price)) {
            try book.replace([huge], [])
            try book.apply([fine], [])
        }
        #expect(throws: OrderBookError.unrepresentable(huge.price)) {
            try book.replace([fine, huge], [])
        }
        let negative = try level("1", "-0.5")
        #expect(throws: OrderBookError.negativeSize(negative.size)) {
            try book.replace([negative], [])
        }
    }

    @Test("takes very fine prices whose trailing zeros need no finer scale")
    func trailingZeros() throws {
        var book = OrderBook()
        try book.replace(
            levels("78000.5@1 1.00000000000000000@2"),
            levels("0.000000000000000000@3")
        )
        #expect(text(book.bids) == "78000.5@1 1.00000000000000000@2")
        #expect(text(book.asks) == "0.000000000000000000@3")
    }

    @Test("is the naive book's equal on random streams", arguments: 0..<5)
    func random(round: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("order book against naive book: seed \(seed), shape \(round)")
        var stream = RandomLevels(seed: seed, shape: round)
        var (book, naive) = (OrderBook(), NaiveBook())
        let messages = stream.messages
        for message in 0..<messages {
            let isSnapshot = message == 0 || stream.chance(1, in: 500)
            let bids = stream.levels(isSnapshot)
            let asks = stream.levels(isSnapshot)
            if isSnapshot {
                try book.replace(bids, asks)
                naive.replace(bids: bids, asks: asks)
            } else {
                try book.apply(bids, asks)
                naive.apply(bids: bids, asks: asks)
            }
            #expect(book.isCrossed == naive.isCrossed)
            if round == 1 {
                book.cut(toDepth: 10)
                naive.cut(toDepth: 10)
            }
            // Sorting the naive book is slow: compare every few messages, and at the last.
            guard message % stream.lookEvery == 0 || message == messages - 1 else { continue }
            try #require(book.invariantsHold)
            try #require(text(book.bids) == text(naive.sortedBids), "message \(message)")
            try #require(text(book.asks) == text(naive.sortedAsks), "message \(message)")
        }
    }

    @Test(
        "is the naive book's equal after a million level updates, half of one scale, at the top and thousands down",
        .timeLimit(.minutes(20)),
        arguments: [0, 4]
    )
    func million(shape: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("order book against naive book, a million updates: seed \(seed), shape \(shape)")
        var stream = RandomLevels(seed: seed, shape: shape, uniform: shape == 4 ? 50_000 : 500_000)
        var (book, naive) = (OrderBook(), NaiveBook())
        let snapshot = (bids: stream.levels(true), asks: stream.levels(true))
        try book.replace(snapshot.bids, snapshot.asks)
        naive.replace(bids: snapshot.bids, asks: snapshot.asks)
        var (updates, messages) = (0, 0)
        let wanted = stream.wanted
        while updates < wanted {
            let (bids, asks) = (stream.levels(false), stream.levels(false))
            try book.apply(bids, asks)
            naive.apply(bids: bids, asks: asks)
            updates += bids.count + asks.count
            messages += 1
            guard messages % stream.rareLook == 0 || updates >= wanted else { continue }
            try #require(book.isCrossed == naive.isCrossed)
            try #require(text(book.bids) == text(naive.sortedBids), "message \(messages)")
            try #require(text(book.asks) == text(naive.sortedAsks), "message \(messages)")
        }
    }
}

/// Random levels of five shapes: dense near the top, cut to ten, wide and deep, mixed scales, and full
/// books, with messages that clear or fill a range of prices.
struct RandomLevels {
    private var state: UInt64
    private let shape: Int
    private var centre: Int64 = 50_000
    /// The number of levels left with the same scales, as in nearly all real books.
    private var uniform: Int
    private let isUniformAnew: Bool

    /// A stream whose first `uniform` levels have the same scales; if nil, a random number after every
    /// snapshot.
    init(seed: UInt64, shape: Int, uniform: Int? = nil) {
        state = seed
        self.shape = shape
        self.uniform = uniform ?? 0
        isUniformAnew = uniform == nil
    }

    #if DEBUG
    var messages: Int { [6000, 6000, 1500, 4000, 400][shape] }
    #else
    // About a million level updates over the four shapes.
    var messages: Int { [60_000, 60_000, 10_000, 40_000, 3000][shape] }
    #endif
    #if DEBUG
    // Each message is followed by a check of the whole book, which is long in the deep shape.
    var wanted: Int { shape == 4 ? 100_000 : 1_000_000 }
    #else
    var wanted: Int { 1_000_000 }
    #endif
    var lookEvery: Int { [17, 1, 200, 13, 40][shape] }
    var rareLook: Int { shape == 4 ? 1000 : 4000 }

    mutating func next(_ bound: UInt64) -> UInt64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return (mixed ^ (mixed >> 31)) % bound
    }

    mutating func chance(_ part: UInt64, in whole: UInt64) -> Bool { next(whole) < part }

    mutating func levels(_ isSnapshot: Bool) -> [PriceLevel] {
        centre += Int64(next(3)) - 1
        if isSnapshot, isUniformAnew {
            uniform = chance(1, in: 3) ? 0 : Int(next(chance(1, in: 2) ? 8000 : 400))
        }
        if shape == 4, !isSnapshot, chance(1, in: 8) { return sweep() }
        let count = isSnapshot ? [100, 10, 3000, 40, 6000][shape] : Int(next(shape == 4 ? 200 : 6))
        return (0..<count).map { _ in level() }
    }

    /// Up to a thousand prices in a row, from the top down or anywhere: all set, or all deleted.
    private mutating func sweep() -> [PriceLevel] {
        let start = centre + (chance(1, in: 2) ? 0 : Int64(next(20_000)))
        let size = chance(1, in: 2) ? 0 : Int64(next(100_000))
        let length = Int64(next(1000))
        return (0..<length).map { step in
            PriceLevel(
                price: FixedDecimal(mantissa: start + step, scale: 2),
                size: FixedDecimal(mantissa: size, scale: 3)
            )
        }
    }

    private mutating func level() -> PriceLevel {
        uniform -= 1
        let spread: UInt64 = [200, 40, 20_000, 100, 20_000][shape]
        var price = FixedDecimal(mantissa: centre + Int64(next(spread)), scale: 2)
        if shape == 3, uniform < 0 {
            let zeros = Int(next(4))
            price = FixedDecimal(
                mantissa: (price.mantissa * PowersOfTen.int64(zeros)) + (chance(1, in: 9) ? 1 : 0),
                scale: 2 + UInt8(zeros)
            )
        }
        let size = chance(2, in: 5) ? 0 : Int64(next(100_000))
        // A deletion has a scale of its own ("0").
        let scale = uniform < 0 ? UInt8(next(5)) : size == 0 ? 0 : 3
        return PriceLevel(price: price, size: FixedDecimal(mantissa: size, scale: scale))
    }
}
