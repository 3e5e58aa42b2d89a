import ByteCoding
import Foundation
import MCAP
import Recording
import Testing

/// Files of other profiles: times as written, in any order, messages in and outside chunks, numbers declared again.
@Suite struct ForeignFileTests {
    private struct Message: Equatable {
        var index: UInt64
        var topic: String
        var time: UInt64
        var text: String
    }

    private static let topics = ["/a", "/b", "/a/x"]

    /// A file in small chunks, with some times beyond 63 bits.
    private func file(
        _ random: inout SplitMix,
        chunkSize: Int?
    ) throws -> (bytes: [UInt8], messages: [Message]) {
        let output = ByteOutput()
        var options = WriterOptions()
        options.chunkSize = chunkSize
        options.repeatsChannelsInChunks = Bool.random(using: &random)
        let writer = try MCAPWriter(output, header: Header(profile: "ros2"), options: options)
        for (id, topic) in Self.topics.enumerated() {
            try writer.add(Channel(id: UInt16(id + 1), topic: topic))
        }
        let edges: [UInt64] = [0, UInt64(Int64.max), 1 << 63, .max - 1, .max]
        var messages: [Message] = []
        for index in 0..<Int.random(in: 0...120, using: &random) {
            let isEdge = Int.random(in: 0..<6, using: &random) == 0
            let time = isEdge ? edges.randomElement(using: &random) ?? 0 : .random(in: 0...60, using: &random)
            let slot = Int.random(in: 0..<3, using: &random)
            let header = MessageHeader(
                channelID: UInt16(slot + 1),
                sequence: UInt32(index),
                logTime: time,
                publishTime: 0
            )
            let text = index % 9 == 0 ? "" : "message \(index)"
            try writer.write(header, data: Array(text.utf8).span.bytes)
            messages.append(Message(index: UInt64(index), topic: Self.topics[slot], time: time, text: text))
            if Int.random(in: 0..<30, using: &random) == 0 {
                try writer.write(Metadata(name: "x", values: [:]))
            }
        }
        try writer.finish()
        return (output.takeBytes(), messages)
    }

    private func read(_ reader: RecordingReader, topic: String?) throws -> [Message] {
        var found: [Message] = []
        while try reader.advance() {
            guard topic == nil || reader.channel.topic == topic else { continue }
            let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            found.append(
                Message(index: reader.index, topic: reader.channel.topic, time: reader.time, text: text)
            )
        }
        return found
    }

    @Test func `slices come by log time, equal ones as they lie, with and without the index`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mcap").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        for seed in UInt64(0)..<200 {
            var random = SplitMix(state: seed)
            let (bytes, messages) = try file(&random, chunkSize: [nil, 60, 300, 4_000][Int(seed % 4)])
            try Data(bytes).write(to: URL(filePath: path))
            let times = (0..<2).map { _ in UInt64.random(in: 0...61, using: &random) }.sorted()
            let ends: [UInt64?] = [nil, times[1], 1 << 63, .max]
            let slice = TimeSlice(
                from: [0, times[0]].randomElement(using: &random) ?? 0,
                to: ends[Int(seed) / 4 % 4]
            )
            let topic = [nil, "/a", "/none"].randomElement(using: &random) ?? nil
            let wanted = messages.filter { message in
                message.time >= slice.from && slice.to.map { message.time < $0 } ?? true
                    && (topic == nil || message.topic == topic)
            }
            let ordered = wanted.sorted { ($0.time, $0.index) < ($1.time, $1.index) }
            for trusted in [UInt64(0), .max] {
                let reader = try RecordingReader(path: path, slice: slice, order: .time, trustedFrom: trusted)
                {
                    topic == nil || $0.topic == topic
                }
                #expect(try read(reader, topic: topic) == ordered, "seed \(seed), index from \(trusted)")
                #expect(!reader.isDamaged)
            }
            let whole = try RecordingReader(path: path)
            #expect(try read(whole, topic: nil) == messages, "seed \(seed)")
            #expect(whole.summary.start == messages.map(\.time).min())
            #expect(whole.summary.end == messages.map(\.time).max())
        }
    }

    @Test func `an index that does not know of messages outside its chunks is not followed`() throws {
        let chunked = try Made { writer in
            try writer.add(Channel(id: 1, topic: "/a"))
            try writer.write(Made.header(1, 10), data: Array("x".utf8).span.bytes)
            try writer.closeChunk()
            try writer.write(Made.header(1, 30), data: Array("z".utf8).span.bytes)
        }
        // After the first chunk and its index, a message outside chunks.
        let bytes = chunked.insertingMessage("bare", at: 20)
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mcap").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(filePath: path))
        for slice in [TimeSlice(), TimeSlice(from: 5), TimeSlice(from: 15)] {
            let reader = try RecordingReader(path: path, slice: slice, order: .time, trustedFrom: 0) {
                $0.topic == "/a"
            }
            let texts = try read(reader, topic: nil).map(\.text)
            #expect(texts == (slice.from > 10 ? ["bare", "z"] : ["x", "bare", "z"]))
        }
    }

    @Test func `a number declared again otherwise is a channel of its own, and damage`() throws {
        let first = try Made { writer in
            try writer.add(Channel(id: 1, topic: "/a"))
            try writer.write(Made.header(1, 10), data: Array("x".utf8).span.bytes)
        }
        let second = try Made { writer in
            try writer.add(Channel(id: 1, topic: "/other"))
            try writer.write(Made.header(1, 20), data: Array("y".utf8).span.bytes)
        }
        let bytes = first.head + second.data + second.end
        let reader = try RecordingReader(bytes: bytes.span.bytes)
        #expect(try read(reader, topic: nil).map(\.topic) == ["/a", "/other"])
        #expect(reader.isDamaged)
        #expect(reader.losses.contains { $0.reason.contains("declared again otherwise") && $0.bytes == 0 })
    }

    @Test func `files behind one another are read on, each with its own numbers`() throws {
        let first = try Made { writer in
            try writer.add(Schema(id: 1, name: "S", encoding: "", data: [1]))
            try writer.add(Channel(id: 1, schemaID: 1, topic: "/a"))
            try writer.write(Made.header(1, 10), data: Array("x".utf8).span.bytes)
        }
        let second = try Made { writer in
            try writer.add(Schema(id: 1, name: "T", encoding: "", data: [2]))
            try writer.add(Channel(id: 1, schemaID: 1, topic: "/b"))
            try writer.write(Made.header(1, 5), data: Array("y".utf8).span.bytes)
        }
        let cases: [(bytes: [UInt8], topics: [String])] = [
            (first.bytes + second.bytes, ["/a", "/b"]), (first.bytes + first.bytes, ["/a", "/a"]),
            (second.bytes + first.bytes + first.bytes, ["/b", "/a", "/a"]),
            // The first was never finished.
            (Array(first.bytes.dropLast(20)) + second.bytes, ["/a", "/b"]),
            (first.head + second.bytes, ["/a", "/b"]),
        ]
        for (slot, item) in cases.enumerated() {
            let reader = try RecordingReader(bytes: item.bytes.span.bytes)
            #expect(try read(reader, topic: nil).map(\.topic) == item.topics, "case \(slot)")
            #expect(reader.isDamaged)
            let output = ByteOutput()
            let recovery = try Recovery(of: ByteInput(bytes: item.bytes.span.bytes), to: output)
            #expect(recovery.messages == UInt64(item.topics.count), "case \(slot)")
            let recovered = output.takeBytes()
            #expect(try FileCheck(checking: ByteInput(bytes: recovered.span.bytes)).problems == [])
            let kept = try RecordingReader(bytes: recovered.span.bytes)
            #expect(try read(kept, topic: nil).map(\.topic) == item.topics, "case \(slot)")
            let schemas = try schemaNames(recovered)
            #expect(schemas["/a"] == "S" && (slot == 1 || schemas["/b"] == "T"))
        }
    }

    private func schemaNames(_ bytes: [UInt8]) throws -> [String: String] {
        let reader = try StreamReader(ByteInput(bytes: bytes.span.bytes))
        while try reader.next() != nil {}
        return Dictionary(
            uniqueKeysWithValues: reader.channels.indices.map { slot in
                (reader.channels[slot].topic, reader.schema(ofChannelAt: slot)?.name ?? "")
            }
        )
    }
}

/// A small file and its parts.
private struct Made {
    let bytes: [UInt8]
    /// The data up to its end, the file's start without it, and what follows the data.
    let head: [UInt8]
    let data: [UInt8]
    let end: [UInt8]

    init(_ body: (MCAPWriter) throws -> Void) throws {
        let output = ByteOutput()
        var options = WriterOptions()
        options.compression = .none
        options.dataCRC = false
        let writer = try MCAPWriter(output, header: Header(profile: "p"), options: options)
        let start = Int(output.position)
        try body(writer)
        try writer.closeChunk()
        let dataEnd = Int(output.position)
        try writer.finish()
        bytes = output.takeBytes()
        (head, data, end) = (
            Array(bytes[..<dataEnd]), Array(bytes[start..<dataEnd]), Array(bytes[dataEnd...])
        )
    }

    static func header(_ id: UInt16, _ time: UInt64) -> MessageHeader {
        MessageHeader(channelID: id, sequence: 0, logTime: time, publishTime: time)
    }

    /// The file with a message between its chunks, summary and index in their new places.
    func insertingMessage(_ text: String, at time: UInt64) -> [UInt8] {
        let record = Self.message(text, at: time)
        let indexes = Self.records(head).filter { $0.code == 6 }.map(\.offset)
        let slot = indexes[1]
        var result = Array(bytes[..<slot]) + record + Array(bytes[slot...])
        let shift = UInt64(record.count)
        var summary: UInt64 = 0
        for item in Self.records(result) where item.code == 8 || item.code == 2 || item.code == 11 {
            let content = item.offset + 9
            if item.code == 8 {
                let chunk = Self.number(result, content + 16)
                if chunk >= UInt64(slot) {
                    Self.put(chunk + shift, into: &result, content + 16)
                    // The only message index: its number and offset follow a length.
                    Self.put(Self.number(result, content + 38) + shift, into: &result, content + 38)
                }
            } else if item.code == 11 {
                Self.put(Self.number(result, content) + 1, into: &result, content)
                let counts = content + 42
                Self.put(Self.number(result, counts + 6) + 1, into: &result, counts + 6)
            } else {
                summary = Self.number(result, content) + shift
                Self.put(summary, into: &result, content)
                Self.put(0, into: &result, content + 8)
                for byte in 0..<4 { result[content + 16 + byte] = 0 }
            }
        }
        return result
    }

    private static func message(_ text: String, at time: UInt64) -> [UInt8] {
        var record: [UInt8] = [5]
        func append(_ value: UInt64, _ size: Int) {
            record += (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        }
        append(UInt64(22 + text.utf8.count), 8)
        append(1, 2)
        append(9, 4)
        append(time, 8)
        append(time, 8)
        return record + Array(text.utf8)
    }

    private static func records(_ bytes: [UInt8]) -> [(code: UInt8, offset: Int)] {
        var found: [(UInt8, Int)] = []
        var position = 8
        while position + 9 <= bytes.count {
            found.append((bytes[position], position))
            if bytes[position] == 2 { break }
            position += 9 + Int(number(bytes, position + 1))
        }
        return found
    }

    private static func number(_ bytes: [UInt8], _ slot: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[slot + $1]) << (8 * UInt64($1)) }
    }

    private static func put(_ value: UInt64, into bytes: inout [UInt8], _ slot: Int) {
        for byte in 0..<8 { bytes[slot + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte))) }
    }
}
