import Foundation
import Testing

/// `.partial` files in a folder of recordings: left behind by a session, or being written.
struct UnfinishedFileTests {
    private static let commands: [[String]] = [
        ["replay", "day", "--json"], ["export", "day", "--out", "all.jsonl", "--force"], ["verify", "day"],
        ["report", "day", "--out", "page.html", "--force"],
    ]

    /// A folder with a complete recording and a torn one of a later session; the intact frames of the torn
    /// one.
    private func folder(in scratch: Scratch) throws -> (whole: Int, kept: Int) {
        try FileManager.default.createDirectory(
            atPath: scratch.file("day"),
            withIntermediateDirectories: true
        )
        let whole = try MadeRecording("day/a.mcap", in: scratch, source: "record")
        let later = try MadeRecording(
            "later.mcap",
            in: scratch,
            start: 1_000_000_100_000_000_000,
            slot: "c1",
            source: "record"
        )
        let bytes = try scratch.bytes(later.path)
        let chunks = ChunkLocation.all(in: bytes)
        let cut = chunks[4].offset + chunks[4].length / 2
        try scratch.write(Array(bytes[..<cut]), as: "day/b.mcap.partial")
        return (whole.frames.count, chunks[..<4].reduce(0) { $0 + $1.frames })
    }

    /// The frames of an export, without the statuses for ended sessions and missing frames.
    private func exported(in scratch: Scratch) throws -> Int {
        let text = try String(contentsOfFile: scratch.file("all.jsonl"), encoding: .utf8)
        return text.split(separator: "\n").filter {
            !$0.contains("session ended") && !$0.contains("missing in the log")
        }.count
    }

    @Test func `one left behind is read as a torn file, and named`() throws {
        let scratch = try Scratch()
        let (whole, kept) = try folder(in: scratch)
        for command in Self.commands {
            let run = try AtelierProcess(command, in: scratch)
            #expect(run.code == 3, "\(command): \(run.errors)")
            #expect(run.errors.contains("day/b.mcap.partial: left behind unfinished"), "\(command)")
        }
        #expect(try exported(in: scratch) == whole + kept)
    }

    @Test func `of one and what was recovered of it only the recovered is read, and both are named`() throws {
        let scratch = try Scratch()
        let (whole, kept) = try folder(in: scratch)
        let arguments = ["recover", "day/b.mcap.partial", "--out", "day/z.mcap"]
        #expect(try AtelierProcess(arguments, in: scratch).code == 3)
        for command in Self.commands {
            let run = try AtelierProcess(command, in: scratch)
            #expect(
                run.errors.contains("day/b.mcap.partial: left out, for day/z.mcap"),
                "\(command): \(run.errors)"
            )
            #expect(!run.errors.contains("lost"), "\(command): \(run.errors)")
        }
        #expect(try exported(in: scratch) == whole + kept)
    }

    @Test func `one that is being written is read up to its last whole chunk`() throws {
        let scratch = try Scratch()
        let (whole, kept) = try folder(in: scratch)
        let path = scratch.file("day/b.mcap.partial")
        let descriptor = open(path, O_RDWR)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        defer { close(descriptor) }
        for command in Self.commands {
            let run = try AtelierProcess(command, in: scratch)
            #expect(run.code == 3, "\(command)")
            #expect(run.errors.contains("day/b.mcap.partial: is being written"), "\(command): \(run.errors)")
        }
        #expect(try exported(in: scratch) == whole + kept)
    }

    @Test func `one without a byte is named and costs nothing`() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.file("day"),
            withIntermediateDirectories: true
        )
        let made = try MadeRecording("day/a.mcap", in: scratch)
        try scratch.write([], as: "day/b.mcap.partial")
        let run = try AtelierProcess(["export", "day", "--out", "all.jsonl"], in: scratch)
        #expect(run.code == 0 && run.errors.contains("day/b.mcap.partial"), "\(run.errors)")
        #expect(try exported(in: scratch) == made.frames.count)
    }
}
