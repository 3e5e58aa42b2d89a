import MarketModel
import Synchronizer
import Testing

@testable import Features

@Suite struct CatalogTests {
    private let names = ["aggregate-extended", "microstructure", "book:3", "vpin_4", "kyle_lambda_5"]

    private func columns(_ names: [String]) throws -> [String] {
        try FeatureEvaluator(names: names).columns.map(\.name)
    }

    /// Evaluates rows; absent numbers are nil.
    private func evaluate(_ rows: [MarketSnapshot], _ names: [String]) throws -> [[Double?]] {
        var evaluator = try FeatureEvaluator(names: names)
        var builder = AggregateBuilder()
        var (values, isPresent): ([Double], [Bool]) = ([], [])
        return rows.map { row in
            let aggregate = builder.aggregate(row, market: .linear)
            evaluator.evaluate(row, aggregate, market: .linear, values: &values, isPresent: &isPresent)
            return zip(values, isPresent).map { $1 ? $0 : nil }
        }
    }

    private func rows(_ count: Int, seed: UInt64) -> [MarketSnapshot] {
        var random = RandomRows(seed: seed)
        return (1...count).map { random.next(ts: Int64($0) * 100_000_000) }
    }

    @Test func namesAreUniqueAndEveryFeatureIsDescribed() {
        let all = FeatureCatalog.all(bookLevels: 20)
        #expect(Set(all.map(\.name)).count == all.count)
        for info in all {
            for text in [info.formula, info.unit, info.undefined, info.source] {
                #expect(!text.isEmpty, "\(info.name)")
            }
        }
    }

    @Test func theOrderOfColumnsIsStable() throws {
        #expect(try columns(["aggregate"]) == MarketAggregate.Scalar.names)
        #expect(
            try columns(["aggregate-extended"]).dropFirst(15) == [
                "trade_notional", "trade_buy_volume", "trade_buy_notional", "trade_buy_count",
                "trade_sell_volume", "trade_sell_notional", "trade_sell_count", "trade_imbalance",
                "trade_px_first", "trade_px_last",
            ]
        )
        #expect(
            try columns(["book:1", "book_levels_known"]) == [
                "bid_px_00_bps", "bid_sz_00", "ask_px_00_bps", "ask_sz_00", "book_levels_known",
            ]
        )
        #expect(
            try columns(["book:2"]) == [
                "bid_px_00_bps", "bid_sz_00", "ask_px_00_bps", "ask_sz_00", "bid_px_01_bps", "bid_sz_01",
                "ask_px_01_bps", "ask_sz_01",
            ]
        )
    }

    @Test func everyFeatureIsFoundByItsOwnName() throws {
        for info in FeatureCatalog.all(bookLevels: 12) {
            #expect(try columns([info.name]) == [info.name])
        }
        #expect(try columns(["vpin_100", "aggregate", "ob_spread"]).count == 16)
    }

    @Test func anUnknownNameOffersTheNearest() throws {
        for (name, nearest) in [
            ("micorstructure", "microstructure"), ("trade_vwp", "trade_vwap"), ("vpin_1", nil),
        ] {
            #expect(throws: (any Error).self) { try FeatureEvaluator(names: [name]) }
            guard let nearest else { continue }
            #expect(throws: FeatureError.unknown(name, nearest: nearest)) {
                try FeatureEvaluator(names: [name])
            }
        }
        #expect(throws: FeatureError.noFeatures) { try FeatureEvaluator(names: []) }
        #expect(throws: (any Error).self) { try FeatureEvaluator(names: ["book:0"]) }
    }

    @Test func aRowDependsOnItselfAndThoseBeforeOnly() throws {
        let all = rows(160, seed: 5)
        let whole = try evaluate(all, names)
        for count in [1, 2, 57, 140] {
            #expect(try evaluate(Array(all.prefix(count)), names) == Array(whole.prefix(count)))
        }
    }

    @Test func instrumentsDoNotMix() throws {
        let (first, second) = (rows(80, seed: 6), rows(80, seed: 7))
        var mixed: [MarketSnapshot] = []
        for (left, right) in zip(first, second) {
            var other = right
            other.instrument = InstrumentIndex(3)
            mixed += [left, other]
        }
        let together = try evaluate(mixed, names)
        let apart = try evaluate(first, names)
        #expect(stride(from: 0, to: 160, by: 2).map { together[$0] } == apart)
    }

    @Test func nothingIsPresentBeforeItsWarmUp() throws {
        let evaluator = try FeatureEvaluator(names: names)
        let values = try evaluate(rows(120, seed: 8), names)
        for (column, info) in evaluator.columns.enumerated() {
            for row in 0..<min(info.warmUp, 120) { #expect(values[row][column] == nil, "\(info.name)") }
        }
        // And there is a later value, except for what these rows never hold.
        let never = [
            "fr_rate", "fr_annualized", "fr_next_settlement_delta", "oi_contracts", "oi_value",
            "oi_change", "liq_imbalance", "funding_age_ms",
        ]
        let long = try evaluate(rows(3000, seed: 9), names)
        for (column, info) in evaluator.columns.enumerated()
        where !never.contains(info.name) && info.warmUp < 50 {
            #expect(long.contains { $0[column] != nil }, "\(info.name)")
        }
    }
}
