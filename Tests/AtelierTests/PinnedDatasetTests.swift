import Foundation
import Testing

/// A dataset whose arrays are the same on every machine, with all numbers that a library could round otherwise.
struct PinnedDatasetTests {
    @Test(
        arguments: [
            ("z-score", "f93d6bfc14afce19381f627d9a79258dc092bdae8eeb4e168e90034a72894f8e"),
            ("robust", "3d89c08b7a5c52d386acf04eb6245c9a9f3e1ef6fab1c0a9c636cc932a65ccf7"),
        ]
    )
    func `another machine builds the same arrays`(_ scaling: String, _ features: String) throws {
        let scratch = try Scratch()
        let recording = try scratch.recording("bybit-linear")
        let plan = [
            "--clock", "trade-driven", "--features",
            "microstructure,realized_volatility_4,aggregate-extended",
            "--missing", "mask", "--labels", "log-return:1,log-return:1s", "--split", "none", "--dtype",
            "float64",
            "--normalise", scaling, "--outputs", "npy", "--out", "set",
        ]
        let run = try AtelierProcess(["dataset", "build", recording] + plan, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        let text = try Data(contentsOf: URL(filePath: scratch.file("set/manifest.json")))
        let manifest = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
        let outputs = try #require(manifest["outputs"] as? [[String: Any]])
        let digest = { (name: String) in
            outputs.first { $0["path"] as? String == "npy/train/\(name).npy" }?["sha256"] as? String
        }
        #expect(digest("features") == features)
        #expect(digest("labels") == "634979b566315ff3c9a71282fff3fc67955f95ffbab9add4235d61934d5d0399")
    }
}
