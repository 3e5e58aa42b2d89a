import Atelier
import ByteCoding
import Foundation
import MarketModel
import Recording
import Testing

/// Rows of two replays, the second of which goes on from the first one's state, in the files of one writer.
@Suite("A replay in two, and one writer")
struct FoldTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fold-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func recording() throws -> String {
        let sample = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Recordings/bybit-linear.jsonl.gz")
        let rules = ImportRules(
            exchange: "bybit",
            protocolID: "",
            markets: [.linear],
            venueTime: { _ in nil },
            makeProbe: { nil }
        )
        let session = ImportSession(rules: rules)
        try session.add(path: sample.path())
        let output = try ByteOutput(path: "\(folder)/session.mcap")
        try session.write(to: output, compression: .lz4, chunkSize: 1 << 16)
        try output.finish(replacing: true)
        return output.name
    }

    /// The files of a folder by their names.
    private func files(_ folder: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where path.hasSuffix(".parquet") {
            found[path] = try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
        }
        return found
    }

    @Test("the program of the README builds a dataset")
    func dataset() throws {
        let set = "\(folder)/set"
        _ = try buildDataset(of: try recording(), in: set)
        let files = try FileManager.default.subpathsOfDirectory(atPath: set)
        for name in ["manifest.json", "README.md", "plan.toml"] { #expect(files.contains(name)) }
        #expect(files.contains { $0.hasSuffix(".npy") } && files.contains { $0.hasSuffix(".parquet") })
    }

    @Test("are the same files on any number of threads")
    func threads() throws {
        let path = try recording()
        var expected: [String: Data] = [:]
        for threads in [1, 2, 8] {
            var options = ReplayOptions()
            options.threads = threads
            let sink = MarketFileSink(root: "\(folder)/\(threads)")
            var replay = try Replay(paths: [path], options: options, into: sink)
            while try replay.run() {}
            _ = try replay.finish()
            _ = try sink.finish()
            let found = try files("\(folder)/\(threads)")
            if threads == 1 { expected = found }
            #expect(found == expected && found.count > 4)
        }
    }

    @Test("are the files of one go, byte by byte", arguments: [0, 1, 700, 1_599, 1_600])
    func oneWriter(cut: Int) throws {
        let path = try recording()
        var options = ReplayOptions()
        options.keepsLevels = true
        let whole = MarketFileSink(root: "\(folder)/whole")
        var one = try Replay(paths: [path], options: options, into: whole)
        while try one.run() {}
        let expected = try one.finish()
        _ = try whole.finish()

        let folded = MarketFileSink(root: "\(folder)/folded")
        var first = try Replay(paths: [path], options: options, into: folded)
        while try first.run(stopAfter: cut) {}
        let state = try first.state()
        var second = try Replay(paths: [path], options: options, into: folded)
        try second.resume(from: state)
        while try second.run() {}
        let found = try second.finish()
        _ = try folded.finish()

        #expect(found.digest == expected.digest && found.contentDigest == expected.contentDigest)
        let (left, right) = (try files("\(folder)/whole"), try files("\(folder)/folded"))
        #expect(left == right && left.count > 4)
    }
}
