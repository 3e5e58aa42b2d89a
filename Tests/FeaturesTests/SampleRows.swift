import Features
import MarketModel
import OrderBooks
import Synchronizer

/// A generator whose seed a failing test prints.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }
}

/// A decimal from its text; an invalid text is an error of the test.
func decimal(_ text: String) -> FixedDecimal {
    guard let value = try? FixedDecimal(text) else { preconditionFailure("no decimal: \(text)") }
    return value
}

func level(_ price: String, _ size: String) -> PriceLevel {
    PriceLevel(price: decimal(price), size: decimal(size))
}

func book(_ bids: [PriceLevel], _ asks: [PriceLevel], isCrossed: Bool = false, depth: Int = 50) -> BookView {
    BookView(bids: bids, asks: asks, depth: depth, isCrossed: isCrossed)
}

func trade(_ price: String, _ size: String, _ side: Side = .buy) -> Trade {
    Trade(
        instrument: InstrumentIndex(0),
        side: side,
        price: decimal(price),
        size: decimal(size),
        id: .none,
        exchangeTime: 0,
        receiveTime: 0
    )
}

func liquidation(_ price: String, _ size: String, _ side: Side) -> Liquidation {
    Liquidation(
        instrument: InstrumentIndex(0),
        side: side,
        price: decimal(price),
        size: decimal(size),
        exchangeTime: 0,
        receiveTime: 0
    )
}

/// A row with everything observed.
func row(ts: Int64 = 1_000_000_000, observed: FeedKinds = .all) -> MarketSnapshot {
    var row = MarketSnapshot(instrument: InstrumentIndex(0), ts: ts, tsAvailable: ts)
    row.quality.observed = observed
    return row
}

/// Random rows of one instrument: books that come and go, cross and empty, trades observed or not.
struct RandomRows {
    var generator: SeededGenerator
    private var center = 20_000

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next(ts: Int64) -> MarketSnapshot {
        let observed = Int.random(in: 0..<12, using: &generator) == 0 ? FeedKinds.book : .all
        var row = row(ts: ts, observed: observed)
        center += Int.random(in: -3...3, using: &generator)
        if Int.random(in: 0..<15, using: &generator) > 0 { row.orderbook = book() }
        row.quality.bookState = row.orderbook == nil ? .gapped : .synced
        let age = Int64.random(in: 0..<5_000_000_000, using: &generator)
        if row.orderbook != nil { row.book.view.time = ts - age }
        for _ in 0..<Int.random(in: 0..<5, using: &generator) {
            let side: Side = Bool.random(using: &generator) ? .buy : .sell
            row.trades.append(trade(price(center), size(), side))
        }
        if Int.random(in: 0..<3, using: &generator) > 0 {
            row.interestTime = ts - Int64.random(in: 0..<5_000_000_000, using: &generator)
        }
        return row
    }

    private mutating func book() -> BookView {
        var (bids, asks): ([PriceLevel], [PriceLevel]) = ([], [])
        let half = Int.random(in: 1...4, using: &generator)
        for step in 0..<Int.random(in: 0..<14, using: &generator) {
            bids.append(level(price(center - half - step * 2), size()))
        }
        for step in 0..<Int.random(in: 0..<14, using: &generator) {
            asks.append(level(price(center + half + step * 3), size()))
        }
        let isCrossed = Int.random(in: 0..<25, using: &generator) == 0
        return FeaturesTests.book(bids, asks, isCrossed: isCrossed && !bids.isEmpty && !asks.isEmpty)
    }

    private func price(_ ticks: Int) -> String {
        "\(ticks / 100).\(ticks % 100 < 10 ? "0" : "")\(ticks % 100)"
    }

    private mutating func size() -> String { "\(Int.random(in: 1..<90_000, using: &generator))e-3" }
}
