import MarketModel
import OrderBooks
import Testing

@testable import Synchronizer

@Suite struct BookHistoryTests {
    /// A random book near another one: some levels gone, changed or new.
    private func step(_ view: BookView, _ generator: inout SeededGenerator) -> BookView {
        var next = view
        next.state = Int.random(in: 0..<12, using: &generator) == 0 ? .gapped : .synced
        next.isCrossed = Bool.random(using: &generator)
        next.time += Int64.random(in: 0..<5, using: &generator)
        next.bids = side(view.bids, isBid: true, &generator)
        next.asks = side(view.asks, isBid: false, &generator)
        return next
    }

    private func side(_ levels: [PriceLevel], isBid: Bool, _ generator: inout SeededGenerator) -> [PriceLevel]
    {
        var result = levels
        for _ in 0..<Int.random(in: 0..<5, using: &generator) {
            let price = FixedDecimal(
                mantissa: Int64.random(in: 1000..<1030, using: &generator),
                scale: UInt8.random(in: 1...2, using: &generator)
            )
            result.removeAll { $0.price == price }
            guard Bool.random(using: &generator) else { continue }
            let size = FixedDecimal(
                mantissa: Int64.random(in: 1...Int64.max, using: &generator)
                    >> Int64.random(in: 0..<60, using: &generator),
                scale: UInt8.random(in: 0...3, using: &generator)
            )
            result.append(PriceLevel(price: price, size: size))
        }
        result.sort { isBid ? $0.price > $1.price : $0.price < $1.price }
        return result
    }

    private func text(_ view: BookView) -> String {
        guard view.state == .synced else { return "\(view.state)" }
        let levels = { (side: [PriceLevel]) in side.map { "\($0.price)@\($0.size)" }.joined(separator: " ") }
        return "\(view.time) \(view.isCrossed) \(levels(view.bids)) | \(levels(view.asks))"
    }

    @Test func capturesComeBackAsTheyWere() {
        for seed in UInt64(1)...80 {
            var generator = SeededGenerator(seed: seed)
            var history = BookHistory(depth: 1000, content: .levels)
            var expected: [Int64: String] = [:]
            var view = BookView()
            var row: Int64 = 0
            var asked: Int64 = 1
            for _ in 0..<150 {
                view = step(view, &generator)
                let last = row + Int64.random(in: 1...3, using: &generator)
                var handed = BoxedBookView()
                handed.view = view
                history.add(&handed, emitted: asked - 1, through: last)
                for known in (row + 1)...last { expected[known] = text(view) }
                row = last
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    let parity = Int64.random(in: 0...1, using: &generator)
                    history.prune { $0.upperBound >= row - 20 || $0.lowerBound % 2 == parity }
                    for known in asked...row where !history.holds(known) { expected[known] = nil }
                }
                while asked < row, Int.random(in: 0..<3, using: &generator) > 0 {
                    let found = history.show(asked).map { text($0.view) }
                    #expect(found == expected[asked] ?? "awaitingSnapshot", "seed \(seed), row \(asked)")
                    asked += 1
                }
            }
            #expect(history.show(row + 1)?.view.state == nil)
            #expect(history.count == 0)
        }
    }

    @Test func aCaptureOfABookThatChangesLittleTakesLittle() {
        var generator = SeededGenerator(seed: 7)
        var view = BookView()
        view.state = .synced
        for level in 0..<50 {
            let size = FixedDecimal(mantissa: Int64(level) * 1_234 + 10_000, scale: 3)
            view.bids.append(
                PriceLevel(price: FixedDecimal(mantissa: 1_000_000 - Int64(level), scale: 2), size: size)
            )
            view.asks.append(
                PriceLevel(price: FixedDecimal(mantissa: 1_000_001 + Int64(level), scale: 2), size: size)
            )
        }
        var history = BookHistory(depth: 1000, content: .levels)
        for row in Int64(1)...36_000 {
            for _ in 0..<6 {
                let index = Int.random(in: 0..<50, using: &generator)
                let size = FixedDecimal(mantissa: Int64.random(in: 1..<100_000, using: &generator), scale: 3)
                view.bids[index] = PriceLevel(price: view.bids[index].price, size: size)
            }
            var handed = BoxedBookView()
            handed.view = view
            history.add(&handed, emitted: 0, through: row)
        }
        #expect(history.byteCount < 36_000 * 300)
    }
}

extension BookHistory {
    /// What a row shows; nil for the current book.
    fileprivate mutating func show(_ row: Int64) -> BoxedBookView? {
        var view = BoxedBookView()
        switch seek(row, into: &view) {
        case .live: return nil
        case .taken: return view
        case .history:
            exchange(&view)
            let shown = view
            exchange(&view)
            return shown
        }
    }

    /// Whether a capture for `row` is kept.
    fileprivate func holds(_ row: Int64) -> Bool {
        var copy = self
        return copy.show(row).map { $0.view.state != .awaitingSnapshot } ?? false
    }
}
