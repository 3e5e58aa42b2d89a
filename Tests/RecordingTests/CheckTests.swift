import ByteCoding
import Foundation
import MCAP
import MarketModel
import Recording
import Testing

/// The findings of a check on counters, order and overlap.
@Suite struct CheckTests {
    /// Messages with counters and times as given, in one file.
    private func file(
        _ messages: [(sequence: UInt32, time: UInt64)],
        profile: String = "atelier",
        start: Int64 = 7,
        source: String = "record",
        extra: Metadata? = nil
    ) throws -> [UInt8] {
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(profile: profile))
        try writer.write(Metadata(name: "session", values: ["start_ns": String(start), "source": source]))
        try writer.add(Channel(id: 3, topic: "/bybit/linear/c0/in"))
        for message in messages {
            let header = MessageHeader(
                channelID: 3,
                sequence: message.sequence,
                logTime: message.time,
                publishTime: message.time
            )
            try writer.write(header, data: [1].span.bytes)
        }
        if let extra { try writer.write(extra) }
        try writer.finish()
        return output.takeBytes()
    }

    /// The check of files with these bytes, named by index.
    private func check(_ files: [[UInt8]]) throws -> RecordingCheck {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var check = RecordingCheck()
        for (index, bytes) in files.enumerated() {
            let path = folder.appending(path: "\(index)").path()
            try Data(bytes).write(to: URL(filePath: path))
            try check.add(path: path)
        }
        check.compareFiles()
        return check
    }

    private func texts(_ problems: [RecordingCheck.Problem]) -> [String] {
        problems.map { problem in
            problem.what.split(separator: " ").map { $0.hasPrefix("/tmp") ? "FILE" : String($0) }.joined(
                separator: " "
            )
        }
    }

    @Test func `a counter that jumps or repeats is a problem, its round at 2³² is none`() throws {
        let jump = try check([file([(1, 10), (2, 11), (5, 12), (5, 13)])])
        #expect(
            texts(jump.problems) == [
                "frame 2: /bybit/linear/c0/in: counter 2 is followed by 5",
                "frame 3: /bybit/linear/c0/in: counter 5 is followed by 5",
            ]
        )
        #expect(jump.problems.allSatisfy { $0.offset > 0 })
        #expect(try check([file([(.max - 1, 10), (.max, 11), (0, 12), (1, 13)])]).problemCount == 0)
        #expect(try check([file([(9, 10), (10, 11)])]).problemCount == 0)
    }

    @Test func `time that steps back is a problem`() throws {
        let check = try check([file([(1, 10), (2, 30), (3, 20), (4, 25), (5, 40)])])
        #expect(
            texts(check.problems) == [
                "frame 2: log time 20 is before 30", "frame 3: log time 25 is before 30",
            ]
        )
    }

    @Test func `files of other programs keep their own counters and order`() throws {
        #expect(try check([file([(1, 10), (9, 5), (0, 7)], profile: "ros2")]).problemCount == 0)
    }

    @Test func `a session's files follow each other without a jump or an overlap`() throws {
        let first = try file([(1, 10), (2, 20)])
        #expect(try check([first, file([(3, 21), (4, 30)])]).problemCount == 0)
        #expect(try check([file([(3, 21), (4, 30)]), first]).problemCount == 0)
        #expect(
            try texts(check([first, file([(4, 21)])]).problems) == [
                "/bybit/linear/c0/in: counter 2 of FILE is followed by 4"
            ]
        )
        #expect(
            try texts(check([first, file([(3, 15)])]).problems) == [
                "/bybit/linear/c0/in: begins at 15, before FILE ends at 20"
            ]
        )
        // Another session restarts its counters.
        #expect(try check([first, file([(1, 21)], start: 9)]).problemCount == 0)
    }

    @Test func `a recovered file's jumps are notes`() throws {
        let said = Metadata(name: "recovery", values: ["loss_0": "byte 1"])
        let check = try check([file([(1, 10), (4, 20)], extra: said), file([(9, 30)])])
        #expect(check.problemCount == 0 && check.noteCount == 2)
        #expect(
            texts(check.notes) == [
                "frame 1: /bybit/linear/c0/in: counter 1 is followed by 4",
                "/bybit/linear/c0/in: counter 4 of FILE is followed by 9",
            ]
        )
    }

    @Test func `other sessions and imports may cover the same time`() throws {
        let first = try file([(1, 10), (2, 20)])
        #expect(try check([first, file([(1, 15), (2, 17)], start: 9)]).problemCount == 0)
        let imported = try file([(1, 10), (2, 20)], source: "import")
        #expect(try check([imported, imported]).problemCount == 0)
        #expect(try check([first, first]).problemCount == 1)
    }

    @Test func `frames out of order in a recovered file are notes`() throws {
        let said = Metadata(name: "recovery", values: ["loss_0": "byte 1"])
        let check = try check([file([(3, 30), (4, 40), (1, 10), (2, 20)], extra: said)])
        #expect(check.problemCount == 0 && check.noteCount == 3)
    }

    @Test func `a thousand problems are kept, all are counted`() throws {
        let check = try check([file((0..<1_500).map { (UInt32($0 * 2), UInt64(10 + $0)) })])
        #expect(check.problems.count == 1_000 && check.problemCount == 1_499)
    }
}
