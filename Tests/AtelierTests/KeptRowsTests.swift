import ByteCoding
import Foundation
import Recording
import Testing

/// `dataset build --save-state` and `--resume`: the recordings of one night after the other give the set of all.
@Suite("Days added to a dataset")
struct KeptRowsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The frames of a recording in files that follow each other, as a recorder that rotates writes them.
    private func split(_ recording: String, into count: Int) throws -> [String] {
        var total = 0
        let counter = try RecordingReader(path: scratch.file(recording))
        while try counter.advance() { total += 1 }
        let reader = try RecordingReader(path: scratch.file(recording))
        var frame = 0
        return try (0..<count).map { part in
            let name = "day-\(part).mcap"
            let output = try ByteOutput(path: scratch.file(name))
            let facts = SessionFacts(start: reader.sessionStart)
            let writer = try RecordingWriter(output, session: facts, compression: .zstd, chunkSize: 1 << 14)
            var numbers: [Int: RecordingWriter.ChannelNumber] = [:]
            while frame < total * (part + 1) / count, try reader.advance() {
                frame += 1
                let slot = reader.channelIndex
                let known = numbers[slot]
                let number = try known ?? writer.add(reader.channel, firstSequence: reader.sequence)
                numbers[slot] = number
                try writer.write(reader.bytes, on: number, at: reader.receiveTime)
            }
            try writer.finish(reason: "rotated")
            try output.finish(replacing: true)
            return name
        }
    }

    private func simulate(_ name: String, _ flags: String...) throws {
        let arguments = ["simulate", "--out", name, "--faults", "all"] + flags
        let run = try AtelierProcess(arguments, in: scratch)
        #expect(run.code == 0, "\(run.errors)")
    }

    private static let features = [
        "--features", "aggregate-extended,microstructure,book:5", "--split", "none", "--normalise", "z-score",
    ]

    @discardableResult
    private func build(
        _ recordings: [String],
        _ flags: [String],
        to out: String,
        code: Int32 = 0
    ) throws -> AtelierProcess {
        let arguments = ["dataset", "build"] + recordings + Self.features + flags + ["--out", out]
        let run = try AtelierProcess(arguments, in: scratch)
        #expect(run.code == code, "\(arguments): \(run.output) \(run.errors)")
        return run
    }

    private func expectSame(_ left: String, _ right: String) throws {
        let files = scratch.contents(of: left)
        #expect(files == scratch.contents(of: right) && files.contains("manifest.json"))
        for file in files {
            var isFolder: ObjCBool = false
            let path = scratch.file("\(left)/\(file)")
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            #expect(try scratch.bytes("\(left)/\(file)") == scratch.bytes("\(right)/\(file)"), "\(file)")
        }
    }

    @Test(
        arguments: [
            "--clock trade-driven --window 4 --labels direction:3", "--clock external --labels log-return:2",
            "--clock external --clock-scope global --max-gap-fill 50",
            "--clock orderbook-driven --sampling event --price microprice --max-age 2s",
            "--clock trade-driven --bars tick:7", "--clock trade-driven --bars volume:5",
            "--clock trade-driven --time-basis exchange --entry row --hold-back 300ms",
        ]
    )
    func `a session with every fault in rotated files, a file each night, gives the set of all at once`(
        _ rows: String
    ) throws {
        let flags = rows.split(separator: " ").map(String.init)
        try simulate(
            "session.mcap",
            "--venues",
            "bybit/linear,kraken/spot",
            "--seed",
            "11",
            "--frames",
            "900"
        )
        let days = try split("session.mcap", into: 3)
        try build(days, flags, to: "whole")
        try build([days[0]], flags + ["--save-state", "state-0"], to: "set-0")
        for night in 1..<3 {
            let state = ["--resume", "state-\(night - 1)", "--save-state", "state-\(night)"]
            try build(Array(days[...night]), flags + state, to: "set-\(night)")
        }
        try expectSame("whole", "set-2")
        // Of the same recordings it is the state at their end, and nothing is read again.
        try build(days, flags + ["--resume", "state-2", "--save-state", "again"], to: "twice")
        try expectSame("whole", "twice")
        for file in scratch.contents(of: "state-2") {
            #expect(try scratch.bytes("state-2/\(file)") == scratch.bytes("again/\(file)"), "\(file)")
        }
        try build(days, flags + ["--save-state", "at-once"], to: "kept")
        try expectSame("whole", "kept")
        for file in scratch.contents(of: "state-2") {
            #expect(try scratch.bytes("state-2/\(file)") == scratch.bytes("at-once/\(file)"), "\(file)")
        }
    }

    @Test func `a build that is killed, or has no room, leaves no state, and goes well when it is run again`()
        throws
    {
        let flags = ["--clock", "trade-driven"]
        try simulate("session.mcap", "--venues", "bybit/linear", "--frames", "2000")
        try build(["session.mcap"], flags + ["--save-state", "expected"], to: "whole")
        let arguments = ["dataset", "build", "session.mcap"] + Self.features + flags
        let saving = arguments + ["--save-state", "state", "--out", "set"]
        let full = try AtelierProcess(
            arguments + ["--save-state", "full", "--out", "none"],
            shell: "ulimit -f 64; trap '' XFSZ; exec \"$0\" \"$@\"",
            in: scratch
        )
        #expect(full.code == 1 && full.errors.contains("rows-0"), "\(full.errors)")
        let left = scratch.contents(of: ".").filter { $0.hasPrefix("full") || $0.hasPrefix("none") }
        #expect(left.isEmpty, "\(left)")
        for wait in ["0.02", "0.05", "0.1", "0.2", "0.4"] {
            let killed = "\"$0\" \"$@\" & sleep \(wait); kill -9 $!; wait $!"
            let run = try AtelierProcess(saving, shell: killed, in: scratch)
            // The folder is there if it was faster, and whole then.
            guard run.code != 0 else { continue }
            if scratch.contents(of: ".").contains("state") { break }
        }
        if !scratch.contents(of: ".").contains("state") {
            try build(["session.mcap"], flags + ["--save-state", "state"], to: "set")
            try expectSame("set", "whole")
        }
        for file in scratch.contents(of: "expected") {
            #expect(try scratch.bytes("expected/\(file)") == scratch.bytes("state/\(file)"), "\(file)")
        }
    }

    @Test func `another session, with an instrument that the first has not, is added to it`() throws {
        let flags = ["--clock", "trade-driven", "--max-gap-fill", "20"]
        try simulate("one.mcap", "--venues", "bybit/linear", "--frames", "1200", "--start", "2026-01-01")
        try simulate(
            "two.mcap",
            "--venues",
            "kraken/spot,bybit/linear",
            "--frames",
            "1200",
            "--start",
            "2026-01-02"
        )
        try build(["two.mcap", "one.mcap"], flags, to: "whole")
        try build(["one.mcap"], flags + ["--save-state", "state"], to: "first")
        // Labels, windows and parts come behind rows.
        let behind = flags + ["--window", "3", "--labels", "direction:2"]
        try build(["two.mcap", "one.mcap"], flags + ["--resume", "state"], to: "both")
        try expectSame("whole", "both")
        try build(["two.mcap", "one.mcap"], behind, to: "other")
        try build(["two.mcap", "one.mcap"], behind + ["--resume", "state"], to: "other-both")
        try expectSame("other", "other-both")
    }

    @Test func `a state of another plan, version or recordings is refused, and so is a damaged one`() throws {
        let flags = ["--clock", "trade-driven"]
        try simulate("session.mcap", "--venues", "bybit/linear", "--frames", "1200")
        let days = try split("session.mcap", into: 3)
        try build([days[1]], flags + ["--save-state", "state"], to: "first")
        let kept = scratch.contents(of: ".")

        func refused(_ recordings: [String], _ more: [String], _ text: String, code: Int32 = 1) throws {
            let run = try build(recordings, more, to: "set", code: code)
            #expect(run.errors.contains(text), "\(run.errors)")
            #expect(scratch.contents(of: ".") == kept)
        }
        let resume = ["--resume", "state"]
        let both = [days[1], days[2]]
        try refused(
            both,
            ["--clock", "external"] + resume,
            #"state: its rows were made with clock = "trade-driven""#
        )
        try refused(both, flags + ["--period", "1s"] + resume, "period")
        try refused([days[2]], flags + resume, "state: its recording 1, day-1.mcap, is not recording 1 here")
        try refused(days, flags + resume, "state: its recording 1, day-1.mcap, is not recording 1 here")
        try refused(both, flags + ["--resume", "none"], "none/state")
        try refused(both, flags + ["--save-state", "state"], "state", code: 2)

        let state = try StateFile(path: scratch.file("state/state"))
        let whole = try scratch.bytes("state/state")
        func write(_ state: StateFile) throws {
            let output = try ByteOutput(path: scratch.file("state/state"))
            try state.write(to: output)
            try output.finish(replacing: true)
        }
        var other = state
        other.facts["code"] = "0.0.1"
        try write(other)
        try refused(both, flags + resume, "state: made by version 0.0.1, this is ")
        other = state
        other.parts.removeLast()
        try write(other)
        try refused(both, flags + resume, "the state lacks the part /dataset/rows")
        try scratch.write(whole, as: "state/state")

        let rows = try scratch.bytes("state/rows-0")
        try scratch.write(rows.dropLast() + [rows[rows.count - 1] ^ 1], as: "state/rows-0")
        try refused(both, flags + resume, "state: its file of rows")
        try scratch.write(rows, as: "state/rows-0")

        let day = try scratch.bytes(days[1])
        try scratch.write(Array(day.dropLast(day.count / 3)), as: days[1])
        try refused(both, flags + resume, "or has changed")
        // What was lost would be told again in each set to come.
        try refused([days[1]], flags + ["--save-state", "torn"], "torn: the state cannot be written")
        try scratch.write(day, as: days[1])
        try build(both, flags + resume, to: "set")
        try build(both, flags, to: "whole")
        try expectSame("set", "whole")
    }
}
