import Foundation
import Recording
import Testing

/// The commands' output, read by the official Python library: checksums, summary, statistics, topics and
/// times by the index.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["ATELIER_PYTHON"] != nil,
        "skipped, ATELIER_PYTHON is not set"
    )
)
struct PythonReaderTests {
    /// The library's findings, by file.
    private func findings(_ files: [String], in scratch: Scratch) throws -> [[String: Any]] {
        let script = "\(AtelierProcess.package)/Tests/Reference/mcap_sound.py"
        let shell = "exec \"$ATELIER_PYTHON\" \"$@\""
        let run = try AtelierProcess([script] + files, shell: shell, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
        return try run.lines
    }

    @Test func `imported, simulated, exported and recovered files are sound to it`() throws {
        let scratch = try Scratch()
        var counts: [String: Int] = [:]
        for (sample, compression) in [("bybit-linear", "zstd"), ("coinbase", "lz4"), ("kraken", "none")] {
            _ = try scratch.recording(sample, compression: compression)
        }
        (counts["bybit-linear.mcap"], counts["coinbase.mcap"], counts["kraken.mcap"]) = (1_600, 800, 800)
        let simulated = [
            "simulate", "--out", "sim.mcap", "--venues", "bybit/linear,kraken", "--frames", "3000",
        ]
        #expect(try AtelierProcess(simulated + ["--faults", "all"], in: scratch).code == 0)
        let made = try MadeRecording("made.mcap", in: scratch)
        counts["made.mcap"] = made.frames.count
        let export = ["export", ".", "--out", "all.out", "--format", "mcap"]
        #expect(try AtelierProcess(export + ["--compression", "lz4"], in: scratch).code == 0)
        let slice = ["export", "made.mcap", "--from", "1000000001000000000", "--to", "1000000002000000000"]
        #expect(
            try AtelierProcess(slice + ["--out", "slice.out", "--format", "mcap"], in: scratch).code == 0
        )
        counts["slice.out"] = 100
        let names = counts.keys.sorted() + ["sim.mcap", "all.out"]
        for finding in try findings(names, in: scratch) {
            let file = try #require(finding["file"] as? String)
            let messages = try #require(finding["messages"] as? Int)
            #expect(messages == counts[file] ?? messages, "\(file)")
            #expect(finding["profile"] as? String == "atelier", "\(file)")
            let names = try #require(finding["metadata"] as? [String])
            #expect(names.contains("session"), "\(file)")
        }
    }

    @Test func `recovered files are sound to it`() throws {
        let scratch = try Scratch()
        var names: [String] = []
        var expected: [Int] = []
        for compression in RecordingWriter.Compression.allCases {
            let made = try MadeRecording("\(compression).mcap", in: scratch, compression: compression)
            let bytes = try scratch.bytes(made.path)
            let chunks = ChunkLocation.all(in: bytes)
            for index in [0, 3, chunks.count - 1] {
                var damaged = bytes
                damaged[chunks[index].offset + chunks[index].length - 2] ^= 0x40
                let isTorn = index == 3
                try scratch.write(isTorn ? Array(damaged.dropLast(500)) : damaged, as: "damaged.mcap")
                let name = "\(compression)-\(index).mcap"
                let run = try AtelierProcess(
                    ["recover", "damaged.mcap", "--out", name, "--json"],
                    in: scratch
                )
                #expect(run.code == 3)
                names.append(name)
                expected.append(try #require(run.json["messages"] as? Int))
            }
        }
        let found = try findings(names, in: scratch)
        #expect(found.map { $0["messages"] as? Int } == expected)
        #expect(found.allSatisfy { ($0["metadata"] as? [String])?.contains("recovery") == true })
    }
}
