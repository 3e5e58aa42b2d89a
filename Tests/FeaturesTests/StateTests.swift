import MarketModel
import OrderBooks
import Synchronizer
import Testing

@testable import Features

/// What features keep from row to row, written down and read back.
@Suite("State of features")
struct StateTests {
    private static let sets = [
        "aggregate-extended", "microstructure", "book:5", "book:2:ticks", "vpin_3", "kyle_lambda_4",
    ]

    private struct Visited: StateCodable {
        var feature: any Feature

        mutating func code(_ coder: inout StateCoder) throws(StateError) { try feature.code(&coder) }
    }

    @Test("every stored field of a feature is in its state, but for what it was made with")
    func fields() throws {
        var stateful: Set<String> = []
        for feature in try FeatureCatalog.features(named: Self.sets) {
            var (parts, visited) = (StateParts(), Visited(feature: feature))
            parts.trace = StateTrace()
            try parts.part("/feature", &visited)
            let coded = parts.trace?.visits.first { $0.type == "Visited" }?.coded ?? []
            let stored = Mirror(reflecting: feature).children.compactMap(\.label)
            let kept = stored.filter { !["info", "compute", "window"].contains($0) }
            #expect(coded == kept, "\(feature.info.name)")
            if !kept.isEmpty { stateful.insert("\(type(of: feature))") }
        }
        #expect(stateful == ["FlowToxicity", "OrderFlowImbalance", "PriceImpact", "RealizedVolatility"])
    }

    @Test(
        "features that go on from a state give the same numbers, and equal windows give equal bytes",
        arguments: 1...6
    )
    func fold(seed: Int) throws {
        var (source, aggregates) = (RandomRows(seed: UInt64(seed)), AggregateBuilder())
        var whole = try FeatureEvaluator(names: Self.sets)
        var (values, isPresent) = ([Double](), [Bool]())
        let definition = InstrumentDefinition.blank
        for index in 0..<180 {
            var row = source.next(ts: Int64(index + 1) * 1_000_000_000)
            // An instrument without rows lies between the two.
            row.instrument = InstrumentIndex(index % 5 == 2 ? 2 : 0)
            if index == 20 { whole.define(row.instrument, as: definition) }
            var continued = try FeatureEvaluator(names: Self.sets)
            let state = try Self.state(of: &whole)
            var parts = StateParts(reading: state)
            try parts.part("/features", &continued)
            try parts.finish()
            #expect(try Self.state(of: &continued) == state, "seed \(seed), row \(index)")
            let aggregate = aggregates.aggregate(row, market: .linear)
            whole.evaluate(row, aggregate, market: .linear, values: &values, isPresent: &isPresent)
            var (others, arePresent) = ([Double](), [Bool]())
            continued.evaluate(row, aggregate, market: .linear, values: &others, isPresent: &arePresent)
            #expect(others.map(\.bitPattern) == values.map(\.bitPattern) && arePresent == isPresent)
            // Every other row goes on from what was read, so that a window's place in memory differs.
            if index % 2 == 0 { whole = continued }
        }
    }

    private static func state(of evaluator: inout FeatureEvaluator) throws -> [StatePart] {
        var parts = StateParts()
        try parts.part("/features", &evaluator)
        return parts.parts
    }

    @Test("a window of more values than it has rows is refused")
    func window() throws {
        var (parts, long) = (StateParts(), RollingWindow<Double>(length: 4))
        for value: Double? in [1, nil, 3, 4, 5] { long.append(value) }
        try parts.part("/window", &long)
        var (reading, short) = (StateParts(reading: parts.parts), RollingWindow<Double>(length: 3))
        #expect(throws: StateError.self) { try reading.part("/window", &short) }
    }
}
