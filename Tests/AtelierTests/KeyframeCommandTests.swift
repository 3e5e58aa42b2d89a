import Foundation
import Glibc
import Testing

/// `atelier keyframes`, and what `replay`, `info` and `verify` make of them.
@Suite("Keyframes on the command line")
struct KeyframeCommandTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    @discardableResult
    private func run(_ arguments: [String], code: Int32 = 0) throws -> AtelierProcess {
        let run = try AtelierProcess(arguments, in: folder)
        #expect(run.code == code, "\(arguments): \(run.output) \(run.errors)")
        return run
    }

    /// A simulated session, its first and last receive time.
    private func session(frames: Int = 6_000, _ flags: [String] = []) throws -> (first: Int64, last: Int64) {
        let arguments = [
            "simulate", "--out", "session.mcap", "--venues", "bybit/linear", "--seed", "5", "--frames",
            String(frames),
        ]
        try run(arguments + flags)
        let info = try run(["info", "session.mcap", "--json"]).json
        let time = { (key: String) in try #require(Int64(info[key] as? String ?? "")) }
        return (try time("start_ns"), try time("end_ns"))
    }

    /// A replay's summary without what its run took.
    private func summary(_ arguments: [String]) throws -> [String: Any] {
        let run = try AtelierProcess(["replay"] + arguments + ["--json"], in: folder)
        var json = try run.json
        for key in ["seconds", "frames_per_second", "started_at_ns"] { json[key] = nil }
        return json
    }

    private func isEqual(_ left: [String: Any], _ right: [String: Any]) -> Bool {
        NSDictionary(dictionary: left).isEqual(to: right)
    }

    @Test("a replay from a time begins at a keyframe, says so, and gives the same rows, files and counts")
    func replay() throws {
        let span = try session(["--faults", "all"])
        let from = String(span.first + (span.last - span.first) * 3 / 4)
        let slice = ["session.mcap", "--from", from]
        let expected = try summary(slice)
        try run(["replay"] + slice + ["--out", "before"])
        let made = try run(["keyframes", "session.mcap", "--every", "10s", "--json"])
        let entry = try #require((made.json["recordings"] as? [[String: Any]])?.first)
        #expect(entry["file"] as? String == "session.mcap.keyframes" && entry["kept"] as? Bool == false)
        #expect(entry["keyframes"] as? Int ?? 0 > 5)

        #expect(isEqual(try summary(slice), expected))
        let after = try run(["replay"] + slice + ["--out", "after", "--json"])
        #expect(after.errors.contains("at a keyframe of session.mcap.keyframes"))
        let started = try #require(Int64(try after.json["started_at_ns"] as? String ?? ""))
        #expect(started > span.first && started <= Int64(from) ?? 0)
        let files = folder.contents(of: "before").filter { $0.hasSuffix(".parquet") }
        #expect(files.count > 2 && folder.contents(of: "after").filter { $0.hasSuffix(".parquet") } == files)
        for file in files {
            let read = { (out: String) in try Data(contentsOf: URL(filePath: folder.file("\(out)/\(file)"))) }
            #expect(try read("before") == read("after"), "\(file)")
        }

        // Of other options none fits; where frames or events before it count none is used.
        let other = try run(["replay"] + slice + ["--period", "1s"])
        #expect(other.errors.contains("no keyframe fits"))
        for flags in [
            ["--stop-after", "5900"], ["--save-state", "x.state"],
            ["--raw", "--out", "raw", "--time-basis", "exchange"],
        ] { #expect(try !run(["replay"] + slice + flags).errors.contains("keyframe of")) }
        try run(["replay", "session.mcap", "--keyframes", "."], code: 2)
    }

    @Test("the ledger of a slice begins with the gaps that are open at its keyframe")
    func ledger() throws {
        let span = try session(frames: 20_000, ["--faults", "all"])
        try run(["keyframes", "session.mcap", "--every", "5s"])
        var opened = 0
        for part in 1..<16 {
            let from = span.first + (span.last - span.first) * Int64(part) / 16
            let slice = ["session.mcap", "--from", String(from)]
            let found = try run(["replay"] + slice + ["--out", "with\(part)", "--json"])
            let started = try #require(Int64(try found.json["started_at_ns"] as? String ?? ""))
            try run(["replay"] + slice + ["--out", "without\(part)", "--keyframes", "nowhere"])
            let whole = try entries("without\(part)/gaps.jsonl")
            let cut = try entries("with\(part)/gaps.jsonl")
            // All entries but those of gaps that were closed before the first frame that was read.
            let closed = Set(
                whole.filter { $0.event != "opened" && $0.time < started }.map(\.id)
            )
            let expected = whole.filter { !closed.contains($0.id) }.map(\.text)
            #expect(Set(cut.map(\.text)) == Set(expected), "from \(from)")
            opened += cut.count { $0.event == "opened" && $0.time < started }
        }
        #expect(opened > 0)
    }

    private struct Entry {
        var id: Int
        var event: String
        var time: Int64
        /// The line without its number.
        var text: String
    }

    private func entries(_ file: String) throws -> [Entry] {
        let text = try String(contentsOf: URL(filePath: folder.file(file)), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let object = try #require(value as? [String: Any])
            let time = object["time_ns"] as? String ?? object["to_ns"] as? String ?? ""
            let rest = line[(line.firstIndex(of: ",") ?? line.startIndex)...]
            return Entry(
                id: try #require(object["id"] as? Int),
                event: try #require(object["event"] as? String),
                time: try #require(Int64(time)),
                text: String(rest)
            )
        }
    }

    @Test("what a slice reads is its keyframe, its chunks, the first chunk and the index")
    func bytesRead() throws {
        let span = try session(frames: 60_000, ["--compression", "none"])
        try run(["keyframes", "session.mcap", "--every", "10s"])
        let from = span.first + (span.last - span.first) * 9 / 10
        let size = try #require(
            FileManager.default.attributesOfItem(atPath: folder.file("session.mcap"))[.size] as? Int
        )
        // Counted by the system: what the shell's child has read, libraries included.
        let read = { (flags: [String]) throws -> Int in
            let run = try AtelierProcess(
                ["replay", "session.mcap", "--threads", "1", "--to", String(from + 1_000_000_000)] + flags,
                shell: "\"$0\" \"$@\" > /dev/null 2>&1; grep rchar /proc/$$/io",
                in: folder
            )
            return try #require(Int(run.output.split(separator: " ").last?.dropLast() ?? ""))
        }
        let start = ["--from", String(from)]
        let whole = try read(start + ["--keyframes", "nowhere"])
        #expect(whole > size * 8 / 10)
        let found = try read(start)
        // A chunk of 1 MiB before and one behind each end, the keyframe, the libraries.
        #expect(found < 6 << 20 && found < whole / 2, "\(found) of \(whole) bytes, the file has \(size)")
    }

    @Test(
        "folders that cannot be written have theirs elsewhere; info and verify name them, verify finds damage"
    )
    func otherFolder() throws {
        let span = try session()
        let from = String(span.first + (span.last - span.first) / 2)
        let text = try run(["keyframes", "session.mcap", "--every", "10s", "--out", "kept"]).output
        #expect(text.hasPrefix("kept/session.mcap.keyframes: "))
        #expect(folder.contents(of: "kept") == ["session.mcap.keyframes"])
        let slice = ["replay", "session.mcap", "--from", from]
        #expect(try run(slice + ["--keyframes", "kept"]).errors.contains("at a keyframe of kept/"))
        #expect(try !run(slice).errors.contains("keyframe"))
        #expect(
            try run(["keyframes", "session.mcap", "--every", "10s", "--out", "kept"]).output.hasSuffix(
                ", kept\n"
            )
        )

        #expect(try run(["info", "session.mcap", "--json"]).json["keyframes"] == nil)
        #expect(try !run(["info", "session.mcap"]).output.contains("keyframes"))
        try FileManager.default.moveItem(
            atPath: folder.file("kept/session.mcap.keyframes"),
            toPath: folder.file("session.mcap.keyframes")
        )
        let info = try #require(
            try run(["info", "session.mcap", "--json"]).json["keyframes"] as? [String: Any]
        )
        #expect(info["count"] as? Int ?? 0 > 5 && info["problem"] is NSNull)
        #expect(try run(["info", "session.mcap"]).output.contains("clock=trade-driven"))
        #expect(try run(["verify", "session.mcap"]).output.contains("keyframes beside them: sound"))
        // They are an MCAP file like any other.
        try run(["verify", "session.mcap.keyframes"])
        try run(["info", "session.mcap.keyframes"])

        let path = folder.file("session.mcap.keyframes")
        let sound = try Data(contentsOf: URL(filePath: path))
        var bytes = [UInt8](sound)
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        let damaged = try run(["verify", "session.mcap", "--json"], code: 3).json
        let problems = try #require(damaged["problems"] as? [[String: Any]])
        #expect(problems.count == 1 && problems[0]["file"] as? String == "session.mcap.keyframes")
        try sound.write(to: URL(filePath: path))
        try run(["simulate", "--out", "session.mcap", "--seed", "6", "--frames", "900", "--force"])
        #expect(try run(["verify", "session.mcap"], code: 3).output.contains("of another recording"))
        #expect(try run(["info", "session.mcap"]).output.contains("not used"))
        // Made anew they fit.
        try run(["keyframes", "session.mcap"])
        try run(["verify", "session.mcap"])
    }

    @Test("a kill while they are written leaves none, and nothing that stops the next run")
    func killed() throws {
        _ = try session(frames: 40_000)
        let path = folder.file("session.mcap.keyframes")
        for delay in [150_000, 400_000, 800_000] as [UInt32] {
            let process = try RunningProcess(
                AtelierProcess.binary,
                ["keyframes", "session.mcap", "--every", "1s"],
                in: folder
            )
            let end = Date().addingTimeInterval(60)
            while !FileManager.default.fileExists(atPath: path + ".new"), process.isRunning, Date() < end {
                usleep(2_000)
            }
            usleep(delay / 10)
            guard process.stop(SIGKILL) == -SIGKILL else { continue }
            #expect(!FileManager.default.fileExists(atPath: path))
            // The recording's folder is read as before.
            #expect(try run(["replay", "."]).errors.isEmpty)
        }
        try run(["keyframes", "session.mcap", "--every", "1s"])
        try run(["verify", "session.mcap"])
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    @Test("what can have none is said, with exit code 3 or 2")
    func refusals() throws {
        _ = try session(frames: 500)
        let bytes = try Data(contentsOf: URL(filePath: folder.file("session.mcap")))
        try bytes.prefix(bytes.count / 2).write(to: URL(filePath: folder.file("torn.mcap")))
        #expect(try run(["keyframes", "torn.mcap"], code: 3).output.contains("no keyframes: "))
        try run(["keyframes", "-"], code: 2)
        try run(["keyframes", "session.mcap", "--every", "0s"], code: 2)
        try run(["keyframes", "nothing.mcap"], code: 1)
    }
}
