import Foundation
import Recording
import Testing

/// `verify`: a file's statements against its contents; JSON output; exit codes.
struct VerifyTests {
    @Test func `sound recordings are said to be sound`() throws {
        let scratch = try Scratch()
        for sample in ["bybit-linear", "coinbase", "kraken"] { _ = try scratch.recording(sample) }
        let text = try AtelierProcess(["verify", "."], in: scratch)
        #expect(text.code == 0 && text.output == "3 files: sound\n" && text.errors.isEmpty)
        let run = try AtelierProcess(["verify", ".", "--json"], in: scratch)
        #expect(run.code == 0)
        #expect(run.output == "{\"ok\":true,\"problems\":[],\"notes\":[]}\n")
    }

    @Test func `a flipped byte anywhere is a problem with its file and index`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch, count: 60)
        let bytes = try scratch.bytes(made.path)
        for index in stride(from: 9, to: bytes.count, by: bytes.count / 40) {
            var changed = bytes
            changed[index] ^= 0x20
            try scratch.write(changed, as: "changed.mcap")
            let run = try AtelierProcess(["verify", "changed.mcap", "--json"], in: scratch)
            #expect(run.code == 3, "byte \(index)")
            let report = try run.json
            #expect(report["ok"] as? Bool == false)
            let problems = try #require(report["problems"] as? [[String: Any]])
            #expect(!problems.isEmpty, "byte \(index)")
            for problem in problems {
                #expect(Set(problem.keys) == ["file", "offset", "what"])
                #expect(problem["file"] as? String == "changed.mcap")
                let offset = (problem["offset"] as? String).flatMap { Int($0) } ?? -1
                #expect((0...bytes.count).contains(offset))
            }
        }
    }

    @Test func `a torn file is a problem, and what is no recording a failure`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        try scratch.write(Array(try scratch.bytes(made.path).dropLast(1_000)), as: "torn.mcap")
        let torn = try AtelierProcess(["verify", made.path, "torn.mcap"], in: scratch)
        #expect(torn.code == 3)
        #expect(
            torn.output.contains("torn.mcap: byte ") && torn.output.contains("the end of the file is missing")
        )
        try scratch.write(Array("PAR1 is something else".utf8), as: "other.mcap")
        for name in ["other.mcap", "nothere.mcap"] {
            let run = try AtelierProcess(["verify", name, "--json"], in: scratch)
            #expect(run.code == 1 && run.output.isEmpty && run.errors.contains(name), "\(run.errors)")
        }
        #expect(try AtelierProcess(["verify"], in: scratch).code == 2)
    }

    @Test func `recordings of several sessions, and imports, may cover the same time`() throws {
        let scratch = try Scratch()
        for name in ["a.mcap", "b.mcap"] { _ = try MadeRecording(name, in: scratch) }
        for (name, start) in [("c.mcap", Int64(1_000_000_000)), ("d.mcap", 1_000_000_007)] {
            _ = try MadeRecording(name, in: scratch, start: start, source: "record")
        }
        let run = try AtelierProcess(["verify", ".", "--json"], in: scratch)
        #expect(run.code == 0, "\(run.output)")
    }

    @Test func `the same frames of a session in two files overlap`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("a.mcap", in: scratch, source: "record")
        try scratch.write(try scratch.bytes(made.path), as: "b.mcap")
        let run = try AtelierProcess(["verify", ".", "--json"], in: scratch)
        #expect(run.code == 3)
        let problems = try #require(run.json["problems"] as? [[String: Any]])
        #expect(problems.count == 2)
        #expect(
            problems.allSatisfy {
                ($0["what"] as? String)?.contains("begins at 1000000000000000000, before") == true
                    || ($0["what"] as? String)?.contains("begins at 1000000000010000000, before") == true
            }
        )
    }
}
