import Dataset
import Foundation
import MarketFiles
import MarketModel
import Testing

@Suite
struct BuildTests {
    private static let labels = "log-return:3,direction:5:band=1,triple-barrier:1s:up=5:down=5,return-sign"

    static func plan(_ entries: [(String, String)] = []) throws(DatasetError) -> DatasetPlan {
        let standard = [
            ("recordings", "none.mcap"),
            ("features", "ob_mid_price,ob_spread,ob_imbalance,trade_volume,trade_vwap"),
            ("labels", labels), ("window", "4"), ("embargo", "700ms"), ("outputs", "npy"),
        ]
        return try DatasetPlan((standard + entries).map { (key: $0.0, value: .text($0.1)) })
    }

    private func build(
        _ plan: DatasetPlan,
        _ source: SyntheticSource = SyntheticSource(),
        to folder: ScratchFolder,
        _ name: String = "set",
        threads: Int = 1,
        replacing: Bool = false,
        sink: MemoryRecord? = nil
    ) throws -> BuildReport {
        let builder = DatasetBuilder(
            plan,
            source: source,
            features: try CatalogFeatures(plan.features),
            code: "test",
            threads: threads,
            makeSink: { format in
                if let sink { return MemorySink(record: sink) }
                return DatasetSinks.sink(format, threads: threads)
            }
        )
        return try builder.build(to: "\(folder.path)/\(name)", replacing: replacing)
    }

    @Test
    func windowsPointAtRowsOfTheirOwnPart() throws {
        let record = MemoryRecord()
        let report = try build(try BuildTests.plan([("outputs", "npy")]), to: ScratchFolder(), sink: record)
        let layout = try #require(record.layouts.first)
        let rows = try #require(record.rows.first)
        #expect(layout.parts.map(\.part) == [.train, .validation, .test])
        for part in layout.parts.indices {
            let mine = rows.filter { $0.part == part }
            #expect(mine.map(\.number) == Array(0..<layout.parts[part].rows))
            let samples = mine.filter { $0.windowStart != nil }
            #expect(samples.count == layout.parts[part].samples)
            #expect(report.folds[0].parts[part].samples == samples.count)
            for sample in samples {
                let start = try #require(sample.windowStart)
                #expect(start == sample.number - 3)
                let window = mine[start...sample.number]
                #expect(
                    window.allSatisfy { $0.instrument == sample.instrument && !$0.isGap && !$0.isPartial }
                )
                #expect(window.dropFirst().allSatisfy { !$0.startsAnew })
            }
        }
    }

    @Test(arguments: ["z-score", "robust"], ["pooled", "instrument"])
    func scalesAreThoseOfTheTrainingRowsAlone(kind: String, scope: String) throws {
        let raw = MemoryRecord()
        let scaled = MemoryRecord()
        let folder = try ScratchFolder()
        _ = try build(try BuildTests.plan([("outputs", "npy")]), to: folder, "raw", sink: raw)
        let plan = try BuildTests.plan([("outputs", "npy"), ("normalise", kind), ("normalise-scope", scope)])
        _ = try build(plan, to: folder, "scaled", sink: scaled)
        let (before, after) = (raw.rows[0], scaled.rows[0])
        #expect(before.count == after.count)
        for feature in before[0].features.indices {
            for instrument in 0..<2 {
                let training = before.filter {
                    $0.part == 0 && $0.isPresent[feature]
                        && (scope == "pooled" || $0.instrument == instrument)
                }
                let (center, spread) = NaiveScale.fit(training.map { $0.features[feature] }, kind)
                for (old, new) in zip(before, after) where old.instrument == instrument {
                    #expect(old.isPresent == new.isPresent)
                    let expected = spread == 0 ? 0 : (old.features[feature] - center) / spread
                    let wanted = old.isPresent[feature] ? expected : 0
                    #expect(abs(new.features[feature] - wanted) <= 1e-9 * max(1, abs(wanted)))
                }
            }
        }
    }

    @Test
    func aConstantIsZeroUnderEveryScaling() throws {
        for kind in ["z-score", "robust"] {
            let record = MemoryRecord()
            _ = try build(try BuildTests.plan([("normalise", kind)]), to: ScratchFolder(), sink: record)
            // Every synthetic book has the same spread.
            #expect(record.rows[0].allSatisfy { $0.features[1] == 0 })
            #expect(record.rows[0].contains { $0.isPresent[1] && $0.features[0] != 0 })
        }
    }

    @Test
    func threadsAndRepetitionChangeNoByte() throws {
        let folder = try ScratchFolder()
        let plan = try BuildTests.plan([
            ("outputs", "npy,safetensors,parquet"), ("normalise", "robust"), ("audit", "2"),
        ])
        let report = try build(plan, to: folder, "one")
        #expect(report.audit?.isOK == true)
        _ = try build(plan, to: folder, "two", threads: 2)
        let one = try folder.contents("one")
        #expect(one.count > 20)
        #expect(try folder.contents("two") == one)
    }

    @Test
    func walkForwardWritesAFolderAFold() throws {
        let folder = try ScratchFolder()
        let plan = try BuildTests.plan([
            ("split", "walk-forward:folds=2,train=0.5"), ("outputs", "npy,parquet"),
        ])
        let report = try build(plan, to: folder)
        #expect(report.folds.count == 2)
        let files = try folder.contents("set").keys
        #expect(files.contains("npy/fold=0/train/features.npy"))
        #expect(files.contains("npy/fold=1/test/labels.npy"))
        #expect(
            files.contains {
                $0.hasPrefix("parquet/fold=1/exchange=bybit/market=linear/symbol=AAAUSDT/date=")
            }
        )
    }

    @Test
    func whatIsThereIsReplacedOnRequestOnly() throws {
        let folder = try ScratchFolder()
        let plan = try BuildTests.plan()
        _ = try build(plan, to: folder)
        #expect(throws: DatasetError.outputExists("\(folder.path)/set")) { try build(plan, to: folder) }
        _ = try build(plan, to: folder, replacing: true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["set"])
    }

    @Test(arguments: ["set", "set.partial"])
    func whatIsNoDatasetIsNeverClearedAway(name: String) throws {
        let folder = try ScratchFolder()
        let other = "\(folder.path)/\(name)"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(filePath: other + "/thesis.txt"))
        #expect(throws: DatasetError.notADataset(other)) {
            try build(try BuildTests.plan(), to: folder, replacing: true)
        }
        #expect(FileManager.default.fileExists(atPath: other + "/thesis.txt"))
    }

    @Test
    func aFailedBuildLeavesNothing() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: DatasetError.self) {
            try build(try BuildTests.plan([("labels", "direction:5000")]), to: folder)
        }
        guard case .labelUndefined(name: "direction:5000", rows: 800, longestRun: let longest) = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
        #expect(longest > 4 && longest < 400)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test
    func anInstrumentThatIsNotThereIsNamed() throws {
        let folder = try ScratchFolder()
        let error = DatasetError.instrumentAbsent(
            "bybit/linear/CCCUSDT",
            present: ["bybit/linear/AAAUSDT", "bybit/linear/BBBUSDT"]
        )
        let plan = try BuildTests.plan([("instruments", "bybit/linear/BBBUSDT,bybit/linear/CCCUSDT")])
        #expect(throws: error) { try build(plan, to: folder) }
    }

    @Test
    func instrumentsComeInTheOrderOfThePlan() throws {
        let record = MemoryRecord()
        let plan = try BuildTests.plan([("instruments", "bybit/linear/BBBUSDT,bybit/linear/AAAUSDT")])
        _ = try build(plan, to: ScratchFolder(), sink: record)
        #expect(record.layouts[0].instruments.map(\.symbol) == ["BBBUSDT", "AAAUSDT"])
        let train = record.rows[0].filter { $0.part == 0 }
        #expect(train.map(\.instrument) == train.map(\.instrument).sorted())
    }

    @Test
    func anEmptyPartIsRefusedWithItsCounts() throws {
        let error = #expect(throws: DatasetError.self) {
            try build(try BuildTests.plan([("window", "200")]), to: ScratchFolder())
        }
        guard case .emptyPart = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
    }

    @Test
    func aFeatureWithoutDataIsLeftOutRefusedOrMasked() throws {
        let folder = try ScratchFolder()
        let source = SyntheticSource(hasTrades: false)
        let error = DatasetError.featuresUndefined(
            ["trade_volume", "trade_vwap"],
            instrument: "bybit/linear/AAAUSDT",
            rows: 400
        )
        let refusing = try BuildTests.plan([("missing", "refuse")])
        #expect(throws: error) { try build(refusing, source, to: folder) }
        let left = MemoryRecord()
        let without = try build(try BuildTests.plan(), source, to: folder, "left", sink: left)
        #expect(left.layouts[0].features == ["ob_mid_price", "ob_spread", "ob_imbalance"])
        #expect(without.leftOut == ["trade_volume", "trade_vwap"] && without.undefined.isEmpty)
        #expect(
            without.warnings.contains { $0.hasPrefix("no value in any row, hence left out: trade_volume, ") }
        )
        let record = MemoryRecord()
        let plan = try BuildTests.plan([("missing", "mask"), ("normalise", "z-score")])
        let report = try build(plan, source, to: folder, sink: record)
        #expect(report.undefined.count == 4)
        #expect(record.rows[0].allSatisfy { !$0.isPresent[3] && $0.features[3] == 0 })
    }

    @Test
    func aMisspeltFeatureNamesTheNearest() {
        #expect(throws: DatasetError.unknownName(kind: "feature", name: "ob_spred", nearest: "ob_spread")) {
            try CatalogFeatures(["ob_spred"])
        }
    }

    @Test
    func theTimesOfAPlanChooseRows() throws {
        let record = MemoryRecord()
        let (from, to) = (SyntheticSource.start + 5_000_000_000, SyntheticSource.start + 30_000_000_000)
        let plan = try BuildTests.plan([("from", "\(from)"), ("to", "\(to)"), ("split", "none")])
        _ = try build(plan, SyntheticSource(faults: 0), to: ScratchFolder(), sink: record)
        #expect(record.rows[0].count == 2 * 250)
        #expect(record.rows[0].allSatisfy { $0.ts > from && $0.ts <= to })
    }
}

/// Scales by their definition.
enum NaiveScale {
    static func fit(_ values: [Double], _ kind: String) -> (center: Double, spread: Double) {
        if Set(values).count == 1 { return (values[0], 0) }
        if kind == "z-score" {
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            return (mean, variance.squareRoot())
        }
        let center = median(values)
        let spread = 1.4826 * median(values.map { abs($0 - center) })
        return (center, spread > 0 ? spread : fit(values, "z-score").spread)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
