import Dataset
import Foundation
import MarketFiles
import Testing

/// The Python that `scripts/test` sets up.
enum PythonOracle {
    static let path = ProcessInfo.processInfo.environment["ATELIER_PYTHON"]
}

/// Datasets recomputed in numpy, and loaded as their cards say.
@Suite(.enabled(if: PythonOracle.path != nil, "ATELIER_PYTHON is not set"))
struct ForeignReaderTests {
    private func run(_ script: String, _ arguments: [String]) throws -> String {
        let reference = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Reference/dataset/\(script)")
        let process = Process()
        process.executableURL = URL(filePath: PythonOracle.path ?? "")
        process.arguments = [reference.path()] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if process.terminationStatus != 0 { Issue.record("\(String(decoding: complaint, as: UTF8.self))") }
        return String(decoding: text, as: UTF8.self)
    }

    private func build(_ entries: [(String, String)], _ path: String, _ source: SyntheticSource) throws {
        let plan = try BuildTests.plan(entries)
        let builder = DatasetBuilder(
            plan,
            source: source,
            features: try CatalogFeatures(plan.features),
            code: "test",
            makeSink: { DatasetSinks.sink($0) }
        )
        _ = try builder.build(to: path, replacing: false)
    }

    @Test(arguments: [(UInt64(1), "z-score", 0), (2, "robust", 150), (3, "none", 0)])
    func numpyComputesTheSameArrays(seed: UInt64, scaling: String, latency: Int) throws {
        let folder = try ScratchFolder()
        let source = SyntheticSource(seed: seed)
        let features = ("features", "microstructure,book:3,trade_volume,trade_vwap")
        let shared = [features, ("missing", "mask"), ("latency", "\(latency)ms"), ("max-age", "none")]
        let raw = [
            ("labels", "none"), ("split", "none"), ("window", "1"), ("dtype", "float64"),
            ("outputs", "parquet"),
        ]
        try build(shared + raw, folder.path + "/raw", source)
        let shape = [
            ("stride", "2"), ("normalise", scaling), ("split", "fractions:0.6,0.2,0.2"),
            ("outputs", "npy,safetensors,parquet"),
        ]
        try build(shared + shape, folder.path + "/set", source)
        let found = try run(
            "check_dataset.py",
            [
                folder.path + "/raw", folder.path + "/set", "4", "2", "700000000", "\(latency)000000",
                scaling,
                "0.6", "0.8",
            ]
        )
        #expect(found.hasPrefix("same "))
    }

    @Test(arguments: ["false", "true"], ["none", "walk-forward:folds=2,train=0.5"])
    func theCardsLinesRun(materialise: String, split: String) throws {
        let folder = try ScratchFolder()
        try build(
            [
                ("materialise", materialise), ("split", split), ("outputs", "npy,safetensors,parquet"),
                ("normalise", "z-score"),
            ],
            folder.path + "/set",
            SyntheticSource()
        )
        let found = try run("run_card.py", [folder.path + "/set", "4"])
        #expect(found == "numpy torch safetensors polars duckdb\n")
    }

    /// With torch where it can be imported, through the card's own lines; else the same model in numpy.
    @Test func somethingSmallLearns() throws {
        let folder = try ScratchFolder()
        let set = folder.path + "/set"
        let plan = [("outputs", "npy"), ("normalise", "z-score"), ("labels", "direction:5,log-return:3")]
        try build(plan, set, SyntheticSource())
        let found = try run("train_small.py", [set])
        #expect(found.contains("falls to"), "\(found)")
    }
}
