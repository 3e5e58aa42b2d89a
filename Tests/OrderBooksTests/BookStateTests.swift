import MarketModel
import Testing

@testable import OrderBooks

/// A book written down and read back goes on as the one that never was.
@Suite("States of books")
struct BookStateTests {
    private struct Random {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state &>> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((mixed ^ (mixed &>> 31)) % UInt64(limit))
        }
    }

    private func bytes(_ keeper: BookKeeper) throws -> [UInt8] {
        var (keeper, parts) = (keeper, StateParts())
        try parts.part("/book", &keeper)
        return parts.parts[0].bytes
    }

    private func read(_ bytes: [UInt8]) throws -> BookKeeper {
        var (keeper, parts) = (BookKeeper(), StateParts(reading: [StatePart(name: "/book", bytes: bytes)]))
        try parts.part("/book", &keeper)
        return keeper
    }

    private func text(_ keeper: BookKeeper) -> String {
        var (bids, asks) = ([PriceLevel](), [PriceLevel]())
        keeper.book.copyBids(.max, into: &bids)
        keeper.book.copyAsks(.max, into: &asks)
        let levels = (bids + ["|"].map { _ in PriceLevel(price: .zero, size: .zero) } + asks).map {
            "\($0.price)@\($0.size)"
        }
        return
            "\(keeper.book.state) \(keeper.book.isCrossed) \(keeper.counts) \(String(describing: keeper.gapCause)) "
            + levels.joined(separator: " ")
    }

    @Test("equal in every message after it", arguments: [11, 12, 13, 14] as [UInt64])
    func goesOn(seed: UInt64) throws {
        var random = Random(state: seed)
        var (whole, folded) = (BookKeeper(), BookKeeper())
        let rules = BookRules(hasContiguousUpdateIDs: true, truncatesToDepth: seed % 2 == 0)
        var number: Int64 = 1
        for step in 0..<600 {
            let isSnapshot = step == 3 || random.below(80) == 0
            let count = isSnapshot ? random.below(700) : random.below(6)
            var levels: [PriceLevel] = []
            for _ in 0..<(2 * count) {
                let scale = UInt8(random.below(20) == 0 ? 5 : 2)
                let price = FixedDecimal(mantissa: Int64(900 + random.below(1_400)), scale: scale)
                let size = FixedDecimal(mantissa: Int64(random.below(4)), scale: UInt8(random.below(3)))
                levels.append(PriceLevel(price: price, size: size))
            }
            number += random.below(60) == 0 ? 2 : 1
            let update = BookUpdate(
                instrument: InstrumentIndex(0),
                isSnapshot: isSnapshot,
                depth: [50, 50, 50, 200][random.below(4)],
                firstLevel: 0,
                bidCount: count,
                askCount: count,
                updateID: number,
                exchangeTime: nil,
                receiveTime: Int64(step) * 100_000_000
            )
            let connection = Int32(random.below(30) == 0 ? 1 : 0)
            let first = whole.apply(update, levels: levels.span, connection: connection, rules: rules)
            let second = folded.apply(update, levels: levels.span, connection: connection, rules: rules)
            #expect("\(first)" == "\(second)", "seed \(seed), step \(step)")
            if random.below(90) == 0 {
                #expect(whole.connectionLost(connection) == folded.connectionLost(connection))
            }
            guard random.below(3) == 0 else { continue }
            let written = try bytes(folded)
            folded = try read(written)
            #expect(try bytes(folded) == written && bytes(whole) == written, "seed \(seed), step \(step)")
            #expect(text(folded) == text(whole), "seed \(seed), step \(step)")
        }
    }
}
