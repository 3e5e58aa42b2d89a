import Foundation
import Recording
import Testing

/// `recover`: intact data is kept, losses are stated, and the input stays unchanged.
struct RecoverTests {
    @Test(arguments: [[], ["--force"]])
    func `a partial file is recovered to the name it was meant for`(_ flags: [String]) throws {
        let scratch = try Scratch()
        let whole = try MadeRecording("whole.mcap", in: scratch)
        let torn = Array(try scratch.bytes(whole.path).dropLast(90))
        try scratch.write(torn, as: "session.mcap.partial")
        let arguments = ["recover", "session.mcap.partial", "--out", "session.mcap", "--json"]
        let run = try AtelierProcess(arguments + flags, in: scratch)
        #expect(run.code == 3, "\(run.errors)")
        #expect(try run.json["messages"] as? Int == whole.frames.count)
        #expect(try scratch.bytes("session.mcap.partial") == torn)
        #expect(scratch.contents(of: ".") == ["session.mcap", "session.mcap.partial", "whole.mcap"])
        #expect(try MadeRecording.frames(of: "session.mcap", in: scratch) == whole.frames)
        #expect(try AtelierProcess(["verify", "session.mcap"], in: scratch).code == 0)
        let again = try AtelierProcess(arguments, in: scratch)
        #expect(again.code == 1 && again.errors.contains("--force"), "\(again.errors)")
    }

    @Test(arguments: ["in.mcap", "./in.mcap", "link.mcap", "folder/../in.mcap"])
    func `the input itself is no output`(_ out: String) throws {
        let scratch = try Scratch()
        let path = try MadeRecording("in.mcap", in: scratch).path
        let before = try scratch.bytes(path)
        let files = FileManager.default
        try files.createDirectory(atPath: scratch.file("folder"), withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: scratch.file("link.mcap"), withDestinationPath: path)
        for command in ["recover", "export"] {
            let run = try AtelierProcess([command, "in.mcap", "--out", out, "--force"], in: scratch)
            #expect(run.code == 2, "\(command) \(run.errors)")
            #expect(run.errors.contains("is the input in.mcap itself"), "\(command) \(run.errors)")
        }
        #expect(try scratch.bytes(path) == before)
        #expect(scratch.contents(of: ".") == ["folder", "in.mcap", "link.mcap"])
    }

    @Test func `a damaged chunk costs its own frames, and the report adds up`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch, compression: .none)
        let bytes = try scratch.bytes(made.path)
        let chunks = ChunkLocation.all(in: bytes)
        #expect(chunks.count > 10)
        for (index, chunk) in chunks.enumerated() {
            var damaged = bytes
            damaged[chunk.offset + chunk.length / 2] ^= 0x10
            try scratch.write(damaged, as: "damaged.mcap")
            let arguments = ["recover", "damaged.mcap", "--out", "sound.mcap", "--force", "--json"]
            let run = try AtelierProcess(arguments, in: scratch)
            #expect(run.code == 3)
            let report = try run.json
            #expect(report["messages"] as? Int == made.frames.count - chunk.frames, "chunk \(index)")
            #expect(report["bytes_lost"] as? Int == chunk.length, "chunk \(index)")
            let kept = try #require(report["bytes_kept"] as? Int)
            #expect(kept + chunk.length == bytes.count, "chunk \(index)")
            let before = chunks[..<index].reduce(0) { $0 + $1.frames }
            try check(report, lost: Array(made.frames[before..<before + chunk.frames]), at: chunk.offset)
            var left = made.frames
            left.removeSubrange(before..<before + chunk.frames)
            #expect(try MadeRecording.frames(of: "sound.mcap", in: scratch) == left, "chunk \(index)")
        }
    }

    private func check(_ report: [String: Any], lost: [MadeRecording.Frame], at offset: Int) throws {
        let losses = try #require(report["loss"] as? [[String: Any]])
        #expect(losses.count == 1)
        let loss = try #require(losses.first)
        #expect(loss["offset"] as? String == String(offset))
        #expect(loss["frames"] as? Int == lost.count)
        #expect(loss["start_ns"] as? String == lost.first.map { String($0.time) })
        #expect(loss["end_ns"] as? String == lost.last.map { String($0.time) })
    }

    @Test func `what a recovery could not save is no fault of the new file`() throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch)
        var bytes = try scratch.bytes(made.path)
        let chunk = ChunkLocation.all(in: bytes)[4]
        bytes[chunk.offset + chunk.length - 5] ^= 1
        try scratch.write(bytes, as: "damaged.mcap")
        #expect(
            try AtelierProcess(["recover", "damaged.mcap", "--out", "sound.mcap"], in: scratch).code == 3
        )
        let run = try AtelierProcess(["verify", "sound.mcap", "--json"], in: scratch)
        #expect(run.code == 0, "\(run.output)")
        let report = try run.json
        #expect(report["ok"] as? Bool == true)
        #expect((report["problems"] as? [Any])?.isEmpty == true)
        let notes = try #require(report["notes"] as? [[String: Any]])
        #expect(!notes.isEmpty && notes.allSatisfy { ($0["what"] as? String)?.contains("counter") == true })
    }

    @Test(arguments: ["zstd", "lz4", "none"])
    func `chunks are compressed as asked`(_ compression: String) throws {
        let scratch = try Scratch()
        let made = try MadeRecording("made.mcap", in: scratch, compression: .lz4)
        let arguments = ["recover", "made.mcap", "--out", "sound.mcap", "--compression", compression]
        #expect(try AtelierProcess(arguments, in: scratch).code == 0)
        let info = try AtelierProcess(["info", "sound.mcap", "--json"], in: scratch).json
        #expect((info["compression"] as? [String: Int])?.keys.sorted() == [compression])
        #expect(try MadeRecording.frames(of: "sound.mcap", in: scratch) == made.frames)
    }

    @Test func `what holds nothing of MCAP fails and leaves nothing`() throws {
        let scratch = try Scratch()
        try scratch.write(Array("once upon a time, long ago and far away".utf8), as: "tale.mcap")
        try scratch.write([], as: "empty.mcap")
        for name in ["tale.mcap", "empty.mcap", "nothere.mcap"] {
            let run = try AtelierProcess(["recover", name, "--out", "sound.mcap"], in: scratch)
            #expect(run.code == 1 && run.errors.contains(name), "\(name) \(run.errors)")
        }
        #expect(scratch.contents(of: ".") == ["empty.mcap", "tale.mcap"])
    }
}
