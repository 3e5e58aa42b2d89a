import ByteCoding
import Foundation
import MCAP
import Testing

/// The official Python library beside this module, on random files; `ATELIER_PYTHON` names the interpreter.
enum Python {
    static let path = ProcessInfo.processInfo.environment["ATELIER_PYTHON"]

    static func run(_ arguments: [String]) throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Reference/mcap_random.py"
        )
        let process = Process()
        process.executableURL = URL(filePath: path ?? "python3")
        process.arguments = [script.standardizedFileURL.path()] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(arguments)")
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

func temporaryFile(_ name: String) -> String {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name)").path()
}

private func line(_ topic: String, _ message: MessageHeader, _ data: RawSpan) -> String {
    let bytes = data.withUnsafeBytes { Array($0) }
    let times = "\(message.sequence)\t\(message.logTime)\t\(message.publishTime)"
    return "message\t\(topic)\t\(times)\t\(Hexadecimal.text(bytes))"
}

@Suite(.enabled(if: Python.path != nil, "skipped, ATELIER_PYTHON is not set"))
struct PythonTests {
    @Test(arguments: UInt64(0)..<60)
    func `files of the Python library are read as it wrote them`(seed: UInt64) throws {
        let path = temporaryFile("python.mcap")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let expected = try Python.run(["write", String(seed), path])
        let reader = try StreamReader(try ByteInput(path: path))
        var found: [String] = []
        while let event = try reader.next() {
            guard event == .message else { continue }
            found.append(
                line(reader.channel(reader.message.channelID)?.topic ?? "", reader.message, reader.data)
            )
        }
        #expect(found == expected, "seed \(seed)")
        #expect(reader.losses == [] && reader.isComplete, "seed \(seed)")
        let check = try FileCheck(checking: try ByteInput(path: path))
        #expect(check.problems == [], "seed \(seed)")
        try compareIndexed(path, expected, seed)
    }

    private func compareIndexed(_ path: String, _ expected: [String], _ seed: UInt64) throws {
        guard let indexed = try? IndexedReader(try FileReader(path: path)), !indexed.summary.channels.isEmpty
        else { return }
        var found: [String] = []
        while try indexed.next() {
            found.append(
                line(indexed.channel(indexed.message.channelID)?.topic ?? "", indexed.message, indexed.data)
            )
        }
        let times = expected.map {
            UInt64($0.split(separator: "\t", omittingEmptySubsequences: false)[3]) ?? 0
        }
        let order = expected.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        #expect(found == order.map { expected[$0] }, "seed \(seed)")
        #expect(indexed.losses == [], "seed \(seed)")
    }

    @Test(arguments: UInt64(100)..<160)
    func `the Python library reads random files as they were written`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let path = temporaryFile("swift.mcap")
        defer { try? FileManager.default.removeItem(atPath: path) }
        var options = WriterOptions()
        options.compression =
            [.none, .lz4, .zstd(level: 1), .zstd(level: 9)].randomElement(using: &random) ?? .none
        options.chunkSize = [nil, 1, 200, 10_000, 1 << 20].randomElement(using: &random) ?? nil
        for option in [
            \WriterOptions.repeatsChannelsInChunks, \.chunkCRC, \.dataCRC, \.summaryCRC, \.attachmentCRC,
            \.messageIndex,
            \.attachmentIndex, \.metadataIndex, \.statistics, \.summaryOffsets,
        ] { options[keyPath: option] = Bool.random(using: &random) }
        let expected = try write(path, options, &random)
        let found = try Python.run(["read", path])
        let messages = expected.filter { $0.hasPrefix("message") }
        let index = found.firstIndex(of: "by time") ?? 0
        #expect(Array(found[..<index]) == messages, "seed \(seed)")
        let times = messages.map {
            UInt64($0.split(separator: "\t", omittingEmptySubsequences: false)[3]) ?? 0
        }
        let order = messages.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        let byTime = found[(index + 1)...].filter { $0.hasPrefix("message") }
        #expect(Array(byTime) == order.map { messages[$0] }, "seed \(seed)")
        if options.attachmentIndex {
            let attachments = expected.filter { $0.hasPrefix("attachment") }
            #expect(found.filter { $0.hasPrefix("attachment") } == attachments, "seed \(seed)")
        }
        let check = try FileCheck(checking: try ByteInput(path: path))
        #expect(check.problems == [], "seed \(seed)")
    }

    private func write(_ path: String, _ options: WriterOptions, _ random: inout SplitMix) throws -> [String]
    {
        let output = try ByteOutput(path: path)
        let writer = try MCAPWriter(
            output,
            header: Header(profile: "atelier", library: "test"),
            options: options
        )
        var lines: [String] = []
        let count = Int.random(in: 1...4, using: &random)
        for id in 0..<count {
            if id % 2 == 1 {
                try writer.add(Schema(id: UInt16(id), name: "s", encoding: "jsonschema", data: [1]))
            }
            try writer.add(
                Channel(
                    id: UInt16(id),
                    schemaID: id % 2 == 1 ? UInt16(id) : 0,
                    topic: "/t/\(id)",
                    messageEncoding: "json"
                )
            )
        }
        var time = UInt64.random(in: 0..<1 << 62, using: &random)
        for sequence in 0..<Int.random(in: 1...400, using: &random) {
            time += UInt64.random(in: 0...3, using: &random)
            let id = UInt16.random(in: 0..<UInt16(count), using: &random)
            let size = [0, 1, 30, 400, 6_000].randomElement(using: &random) ?? 0
            let data = (0..<size).map { _ in UInt8.random(in: 0x20...0x30, using: &random) }
            let header = MessageHeader(
                channelID: id,
                sequence: UInt32(sequence),
                logTime: time,
                publishTime: UInt64.random(in: 0...9, using: &random)
            )
            try writer.write(header, data: data.span.bytes)
            lines.append(line("/t/\(id)", header, data.span.bytes))
            if Int.random(in: 0..<100, using: &random) == 0 {
                try writer.write(
                    MCAP.Attachment(
                        logTime: time,
                        createTime: 1,
                        name: "a\(sequence)",
                        mediaType: "text/plain",
                        data: data
                    )
                )
                lines.append("attachment\ta\(sequence)\t\(Hexadecimal.text(data))")
            }
        }
        try writer.finish()
        try output.finish(replacing: false)
        return lines
    }
}
