import MarketModel
import OrderBooks
import Synchronizer
import Testing

@testable import Features

@Suite("Offsets in ticks")
struct TickTests {
    private let names = ["book:2:ticks"]

    /// The values of one row of the instrument with index 2, whose tick size may be known.
    private func values(_ row: MarketSnapshot, tick: String?) throws -> [String: Double] {
        var (row, evaluator) = (row, try FeatureEvaluator(names: names))
        row.instrument = InstrumentIndex(2)
        var builder = AggregateBuilder()
        var (values, isPresent): ([Double], [Bool]) = ([], [])
        if let tick {
            var definition = InstrumentDefinition(symbol: "A")
            definition.tickSize = decimal(tick)
            evaluator.define(InstrumentIndex(2), as: definition)
            evaluator.define(InstrumentIndex(0), as: InstrumentDefinition(symbol: "B"))
        }
        let aggregate = builder.aggregate(row, market: .linear)
        evaluator.evaluate(row, aggregate, market: .linear, values: &values, isPresent: &isPresent)
        let present = zip(evaluator.columns.map(\.name), zip(values, isPresent)).filter(\.1.1)
        return Dictionary(uniqueKeysWithValues: present.map { ($0.0, $0.1.0) })
    }

    private var sample: MarketSnapshot {
        var row = row()
        row.orderbook = book(
            [level("65233.1", "2"), level("65232.8", "1")],
            [level("65233.2", "3"), level("65234.00", "4")]
        )
        row.quality.bookState = .synced
        return row
    }

    @Test("are exact: half ticks from the mid, and the levels behind")
    func exact() throws {
        #expect(
            try values(sample, tick: "0.10") == [
                "bid_px_00_ticks": -0.5, "bid_sz_00": 2, "ask_px_00_ticks": 0.5, "ask_sz_00": 3,
                "bid_px_01_ticks": -3.5, "bid_sz_01": 1, "ask_px_01_ticks": 8.5, "ask_sz_01": 4,
            ]
        )
        #expect(try values(sample, tick: "0.5")["ask_px_01_ticks"] == 1.7)
        #expect(try values(sample, tick: "1e-8")["bid_px_01_ticks"] == -35_000_000)
    }

    @Test("without a definition there are none, and nothing is inferred; sizes are there all the same")
    func undefined() throws {
        #expect(
            try values(sample, tick: nil).keys.sorted() == [
                "ask_sz_00", "ask_sz_01", "bid_sz_00", "bid_sz_01",
            ]
        )
    }

    @Test("a crossed book has none")
    func crossed() throws {
        var row = row()
        row.orderbook = book([level("3", "2")], [level("2", "3")], isCrossed: true)
        row.quality.bookState = .synced
        #expect(try values(row, tick: "1").isEmpty)
    }

    @Test("agree with basis points on random rows")
    func agree() throws {
        var random = RandomRows(seed: 21)
        for index in 1...400 {
            var row = random.next(ts: Int64(index) * 100_000_000)
            row.instrument = InstrumentIndex(2)
            let ticks = try values(row, tick: "0.01")
            guard let ticksOfAsk = ticks["ask_px_01_ticks"], let book = row.orderbook else { continue }
            let mid = (book.bids[0].price.doubleValue + book.asks[0].price.doubleValue) / 2
            let plain = (book.asks[1].price.doubleValue - mid) / 0.01
            #expect(abs(plain - ticksOfAsk) < 1e-6)
            #expect(ticksOfAsk * 2 == (ticksOfAsk * 2).rounded())
        }
    }

    @Test("the set is one of the catalog, and says that it needs a definition")
    func catalog() throws {
        let columns = try FeatureEvaluator(names: ["book:1:ticks"]).columns
        #expect(columns.map(\.needsDefinition) == [true, false, true, false])
        #expect(FeatureCatalog.setNames.contains("book:N:ticks"))
        for name in ["book:1:tick", "book:1:ticks:x", "book::ticks", "book:0:ticks"] {
            #expect(throws: FeatureError.self) { try FeatureEvaluator(names: [name]) }
        }
    }
}

/// Offsets in basis points and microprices against decimals computed by hand.
@Suite struct ExactFeatureTests {
    private func decimal(_ text: String) throws -> FixedDecimal { try FixedDecimal(text) }

    @Test func `offsets in basis points keep the digits that a difference of doubles loses`() throws {
        let (bid, ask) = (try decimal("67000.1"), try decimal("67000.2"))
        // 10000 · 0.05 / 67000.15, in integers.
        let found = ExactOffset.basisPoints(ask, from: bid, ask)
        #expect(found == 10_000.0 / 1_340_003)
        #expect(ExactOffset.basisPoints(bid, from: bid, ask) == found.map { -$0 })
        let fine = try decimal("67000.15000000000000")
        #expect(ExactOffset.basisPoints(fine, from: bid, ask) == 0)
        #expect(ExactOffset.basisPoints(bid, from: try decimal("-1"), try decimal("1")) == nil)
    }

    @Test func `a level exactly within reach counts`() throws {
        // 5 basis points of 10000 are 5.
        let (bid, ask) = (try decimal("9999.99"), try decimal("10000.01"))
        #expect(ExactOffset.side(of: try decimal("9995"), from: bid, ask, points: -5) == 0)
        #expect(ExactOffset.side(of: try decimal("9994.9999"), from: bid, ask, points: -5) == -1)
        #expect(
            ExactOffset.side(of: try decimal("10005.00000000000000"), from: bid, ask, points: 5) == 0
        )
    }

    @Test func `a microprice is rounded once`() throws {
        let level = { (price: String, size: String) in
            PriceLevel(price: try FixedDecimal(price), size: try FixedDecimal(size))
        }
        #expect(Microprice.nearest(try level("0.1", "0.3"), try level("0.2", "0.1")) == 0.175)
        #expect(Microprice.nearest(try level("1", "0"), try level("2", "0")) == nil)
        let (wide, other) = (
            try level("900000000000.0000001", "1e-20"), try level("900000000000.0000003", "3e-20")
        )
        #expect(Microprice.nearest(wide, other) == 900_000_000_000.00000015)
    }
}
