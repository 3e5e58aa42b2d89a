import MarketModel
import Testing

@testable import Dataset

@Suite
struct SplitTests {
    /// A sample of a fold: the times of its window and of its labels.
    private struct Sample {
        var seen: ClosedRange<Int64>
        var decision: Int64
        var labelled: ClosedRange<Int64>
    }

    private func plan(_ random: inout SeededRandom, _ first: Int64, _ last: Int64) -> SplitPlan {
        switch Int.random(in: 0...4, using: &random) {
        case 0:
            let half = Int64.random(in: 10...35, using: &random)
            let rest = Share(percent: half)
            return .fractions(train: Share(percent: 100 - 2 * half), validation: rest, test: rest)
        case 1: return .fractions(train: Share(percent: 60), validation: .zero, test: Share(percent: 40))
        case 2:
            let middle = Int64.random(in: first...last, using: &random)
            return .dates(validation: random.chance(50) ? middle : nil, test: middle + (last - middle) / 2)
        default:
            return .walkForward(
                .init(
                    folds: Int.random(in: 1...5, using: &random),
                    train: Share(percent: 40),
                    validation: random.chance(50) ? .zero : Share(percent: 10),
                    isExpanding: random.chance(50)
                )
            )
        }
    }

    private func samples(
        _ path: [PathRow],
        _ labels: [[LabelValue]],
        _ fold: Fold,
        window: Int,
        stride: Int,
        embargo: Int64,
        latency: Int64
    ) -> [[Sample]] {
        var planner = SamplePlanner(fold, window: window, stride: stride, embargo: embargo, latency: latency)
        var samples: [[Sample]] = fold.spans.map { _ in [] }
        for (row, values) in labels.enumerated() {
            guard case .inside(let part, .sample) = planner.next(path[row], values) else { continue }
            let decision = path[row].available + latency
            let first = path[row - window + 1]
            samples[part].append(
                Sample(
                    seen: first.ts...max(first.ts, path[row].available),
                    decision: decision,
                    labelled: decision...max(decision, values.map(\.end).max() ?? decision)
                )
            )
            // A window is complete: nothing broken, no jump inside.
            for index in (row - window + 1)...row {
                #expect(!path[index].isBroken)
                #expect(index == row - window + 1 || !path[index].startsAnew)
                #expect(fold.index(of: path[index].available + latency) == part)
            }
        }
        return samples
    }

    @Test(arguments: [UInt64](0..<400))
    func noTrainingWindowOrLabelReachesIntoWhatFollows(seed: UInt64) throws {
        var random = SeededRandom(seed &+ 7000)
        let latency: Int64 = random.chance(50) ? 0 : 130
        let labels = try ["log-return:5", "triple-barrier:900ns:up=30:down=30"].map {
            try LabelCatalog.parse($0)
        }
        let window = Int.random(in: 1...6, using: &random)
        let stride = Int.random(in: 1...3, using: &random)
        let embargo: Int64 = random.chance(50) ? 0 : Int64.random(in: 0...2000, using: &random)
        let paths = (0..<2).map { _ in random.path(Int.random(in: 40...200, using: &random)) }
        let first = paths.compactMap { $0.first?.available }.min() ?? 0
        let last = paths.compactMap { $0.last?.available }.max() ?? 0
        let split = plan(&random, first + latency, last + latency)
        for fold in Fold.folds(split, first: first + latency, last: last + latency) {
            var all: [[Sample]] = fold.spans.map { _ in [] }
            for path in paths {
                var tracker = LabelTracker(labels, entry: .tradable, latency: latency)
                var values: [[LabelValue]] = []
                for row in path { try tracker.append(row) { values.append($0) } }
                try tracker.finish { values.append($0) }
                let found = samples(
                    path,
                    values,
                    fold,
                    window: window,
                    stride: stride,
                    embargo: embargo,
                    latency: latency
                )
                for part in found.indices { all[part] += found[part] }
            }
            for earlier in fold.spans.indices {
                for later in fold.spans.indices where later > earlier {
                    for sample in all[earlier] {
                        let boundary = fold.spans[later].begin
                        #expect(sample.labelled.upperBound < boundary, "seed \(seed)")
                        #expect(sample.seen.upperBound < boundary, "seed \(seed)")
                        for other in all[later] {
                            #expect(!sample.labelled.overlaps(other.labelled), "seed \(seed)")
                            #expect(sample.decision < other.decision, "seed \(seed)")
                            #expect(other.decision >= boundary + embargo, "seed \(seed)")
                        }
                    }
                }
            }
        }
    }

    @Test
    func strideCountsFromEachRun() {
        let fold = Fold(spans: [.init(part: .train, begin: 0, end: nil)])
        var planner = SamplePlanner(fold, window: 2, stride: 2, embargo: 0, latency: 0)
        let picture = "....x...|..."
        var found = ""
        var startsAnew = false
        for mark in picture {
            if mark == "|" {
                startsAnew = true
                continue
            }
            let row = PathRow(
                ts: 1,
                available: 1,
                price: ExactPrice(1),
                isBroken: mark == "x",
                startsAnew: startsAnew
            )
            startsAnew = false
            found += planner.next(row, []) == .inside(part: 0, .sample) ? "S" : "-"
        }
        #expect(found == "-S-S--S-" + "-S-")
    }

    @Test
    func boundariesAreSharesOfTheSpan() throws {
        let folds = Fold.folds(try SplitPlan.parse("fractions:0.7,0.15,0.15"), first: 1000, last: 2000)
        #expect(folds.count == 1)
        #expect(folds[0].spans.map(\.begin) == [1000, 1700, 1850])
        #expect(folds[0].spans.map(\.end) == [1700, 1850, nil])
        #expect(folds[0].index(of: 1699) == 0)
        #expect(folds[0].index(of: 1700) == 1)
        #expect(folds[0].index(of: 999) == nil)
    }

    @Test(arguments: [Int64(10), 9_007_199_254_740_993, 1_234_567_890_123_456_789, .max])
    func boundariesAreExactOverAnySpan(span: Int64) throws {
        let wide = Int128(span)
        let folds = Fold.folds(try SplitPlan.parse("fractions:0.7,0.15,0.15"), first: 0, last: span)
        #expect(folds[0].spans.map { Int128($0.begin) } == [0, wide * 7 / 10, wide * 85 / 100])
        let walk = try SplitPlan.parse("walk-forward:folds=3,train=0.3,validation=0.1,mode=rolling")
        for (number, fold) in Fold.folds(walk, first: 0, last: span).enumerated() {
            // Steps of (1 − 0.4) / 3 = 0.2.
            let begins = [0 + 2 * number, 3 + 2 * number, 4 + 2 * number].map { wide * Int128($0) / 10 }
            #expect(fold.spans.map { Int128($0.begin) } == begins)
            let end = fold.spans.last?.end.map { Int128($0) }
            #expect(end == (number == 2 ? nil : wide * Int128(6 + 2 * number) / 10))
        }
        let thirds = Fold.folds(try SplitPlan.parse("walk-forward:folds=3,train=0.5"), first: 0, last: span)
        #expect(thirds.map { Int128($0.spans[1].begin) } == (0..<3).map { wide * Int128(3 + $0) / 6 })
    }

    @Test(
        arguments: [
            ("fractions:0.7,0.2", "sum is 1, not 0.9"), ("fractions:0.7,0.2,0.2", "sum is 1, not 1.1"),
            ("fractions:0,0.5,0.5", "training above 0"), ("fractions:1.5,-0.5", "from 0 to 1"),
            ("fractions:1", "two shares"), ("dates:2026-08-10,2026-08-09", "before that of test"),
            ("dates:soon", "not 'soon'"), ("walk-forward:folds=0,train=0.5", "1...1000 folds, not '0'"),
            ("walk-forward:train=0.5", "folds and train"),
            ("walk-forward:folds=2,train=0.9,validation=0.1", "below 1"),
            ("walk-forward:folds=2,train=0.5,mod=rolling", "not 'mod'"),
            ("walk-forward:folds=2,train=0.5,mode=back", "not 'back'"),
            ("walk-forward:folds=2,folds=3,train=0.5", "'folds' once"),
        ]
    )
    func theRuleThatIsBrokenIsNamed(text: String, rule: String) {
        let error = #expect(throws: DatasetError.self) { try SplitPlan.parse(text) }
        #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
    }

    @Test
    func walkForwardTrainsBehindWhatItTests() {
        let half = Share(percent: 50)
        let plan = SplitPlan.WalkForward(folds: 2, train: half, validation: .zero, isExpanding: false)
        let folds = Fold.folds(.walkForward(plan), first: 0, last: 1000)
        #expect(folds[0].spans.map(\.begin) == [0, 500])
        #expect(folds[0].spans.map(\.end) == [500, 750])
        #expect(folds[1].spans.map(\.begin) == [250, 750])
        #expect(folds[1].spans.map(\.end) == [750, nil])
    }

    @Test(
        arguments: [
            "none", "fractions:0.7,0.15,0.15", "dates:2026-08-09T21:00:00Z", "dates:2026-08-09,2026-08-10",
            "walk-forward:folds=3,train=0.4,mode=rolling",
        ]
    )
    func whatAPlanWritesReadsBack(text: String) throws {
        let split = try SplitPlan.parse(text)
        #expect(try SplitPlan.parse(split.text) == split)
    }

    @Test(arguments: [
        "fractions:0.7,0.2", "fractions:a,b", "dates:yesterday", "walk-forward:folds=0,train=0.5", "x",
    ])
    func aSplitThatMakesNoSenseIsRefused(text: String) {
        #expect(throws: DatasetError.self) { try SplitPlan.parse(text) }
    }
}
