import ByteCoding
import Foundation
import MCAP
import Recording
import Testing

/// Recordings without checksums, damaged in message headers: only counters and times show it.
@Suite struct ContradictionTests {
    private static let topics = ["/bybit/linear/c0/in", "/bybit/linear/c0/status"]

    private typealias Frame = (channel: Int, sequence: UInt32, time: UInt64)

    /// Frames on two channels, without chunks and CRC-32 of the data.
    private func file(_ frames: [Frame]) throws -> [UInt8] {
        var options = WriterOptions()
        options.chunkSize = nil
        options.dataCRC = false
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(profile: "atelier"), options: options)
        for (index, topic) in Self.topics.enumerated() {
            try writer.add(Channel(id: UInt16(index + 1), topic: topic, messageEncoding: "json"))
        }
        for (index, frame) in frames.enumerated() {
            let header = MessageHeader(
                channelID: UInt16(frame.channel + 1),
                sequence: frame.sequence,
                logTime: frame.time,
                publishTime: frame.time
            )
            try writer.write(header, data: Array("{\"frame\":\(index)}".utf8).span.bytes)
        }
        try writer.finish()
        return output.takeBytes()
    }

    private func frames(_ count: Int) -> [Frame] {
        var counters: [UInt32] = [0, 0]
        return (0..<count).map { index in
            let channel = index % 5 == 3 ? 1 : 0
            counters[channel] += 1
            return (channel, counters[channel], 1_700_000_000_000_000_000 + UInt64(index) * 1_000_000)
        }
    }

    /// The bounds of each message record.
    private func messages(_ bytes: [UInt8]) -> [Range<Int>] {
        var (indexes, position) = ([Range<Int>](), 8)
        while position + 9 <= bytes.count - 8 {
            let length = (0..<8).reduce(0) { $0 | Int(bytes[position + 1 + $1]) << (8 * $1) }
            if bytes[position] == 5 { indexes.append(position..<position + 9 + length) }
            position += 9 + length
        }
        return indexes
    }

    private struct Outcome {
        var report: RecordingRecovery
        var texts: [String] = []
        var damaged = RecordingCheck()
        var sound = RecordingCheck()
        /// Frames missing as `info` counts them.
        var missing: UInt64?
        /// The same for the resulting file.
        var again: RecordingRecovery
    }

    private func recover(_ bytes: [UInt8]) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (damaged, sound) = (folder.appending(path: "d").path(), folder.appending(path: "s").path())
        try Data(bytes).write(to: URL(filePath: damaged))
        let output = try ByteOutput(path: sound)
        let report = try RecordingRecovery(of: damaged, to: output)
        try output.finish(replacing: false)
        var outcome = try Outcome(report: report, again: RecordingRecovery(of: sound, to: ByteOutput()))
        try outcome.damaged.add(path: damaged)
        try outcome.sound.add(path: sound)
        outcome.missing = try RecordingSummary(reading: damaged).missingFrames
        let reader = try RecordingReader(path: sound)
        while try reader.advance() {
            outcome.texts.append(reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        }
        return outcome
    }

    @Test func `recover and verify agree on flipped bits in the heads of messages`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("flipped heads: seed \(seed)")
        var random = SplitMix(state: seed)
        var stated = 0
        for round in 0..<600 {
            let sent = frames(Int.random(in: 3...40, using: &random))
            var bytes = try file(sent)
            var hit: Set<Int> = []
            var isFramed = true
            let indexes = messages(bytes)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<indexes.count, using: &random)
                hit.insert(index)
                let byte = Int.random(in: 0..<31, using: &random)
                isFramed = isFramed && byte >= 9
                bytes[indexes[index].lowerBound + byte] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            let note: Comment = "seed \(seed) round \(round)"
            let outcome = try recover(bytes)
            #expect(outcome.sound.problems == [], note)
            #expect(outcome.report.wasSound == (outcome.damaged.problemCount == 0), note)
            #expect(outcome.again.wasSound && outcome.again.frames == outcome.report.frames, note)
            #expect(outcome.report.bytesKept + outcome.report.bytesLost == UInt64(bytes.count), note)
            // A record's kind and length decide where the next one starts.
            guard isFramed else { continue }
            // Undamaged frames are kept, each once and in order; so are frames that only contradict them.
            let whole = sent.indices.filter { !hit.contains($0) }.map { "{\"frame\":\($0)}" }
            #expect(outcome.texts.filter { Set(whole).contains($0) } == whole, note)
            if outcome.report.bytesLost == 0, !outcome.report.wasSound {
                stated += 1
                #expect(outcome.texts.count == sent.count, note)
                #expect(outcome.missing == outcome.report.losses.reduce(0) { $0 + ($1.frames ?? 0) }, note)
            }
        }
        #expect(stated > 100, "seed \(seed)")
    }

    private func losses(_ change: (inout [Frame]) -> Void) throws -> [String] {
        var sent = frames(8).map {
            (channel: 0, sequence: UInt32($0.time / 1_000_000 % 1_000 + 1), time: $0.time)
        }
        for index in sent.indices { sent[index].time = UInt64(index) }
        change(&sent)
        let outcome = try recover(file(sent))
        let report = outcome.report
        #expect(report.bytesLost == 0 && report.frames == UInt64(sent.count))
        #expect(outcome.missing == report.losses.reduce(0) { $0 + ($1.frames ?? 0) })
        return report.losses.map { "\($0.frames ?? 99): \($0.reason)" }
    }

    @Test func `what a wrong counter or time comes to is stated once`() throws {
        let topic = Self.topics[0]
        #expect(try losses { _ in }.isEmpty)
        #expect(
            try losses { $0.removeSubrange(2..<5) } == ["3: frame 2: \(topic): counter 2 is followed by 6"]
        )
        // Correct again after one frame: none is missing.
        #expect(
            try losses { $0[3].sequence = 1_028 } == [
                "0: frame 3: \(topic): counter 3 is followed by 1028",
                "0: frame 4: \(topic): counter 1028 is followed by 5",
            ]
        )
        #expect(
            try losses { $0[3].time = 90 } == [
                "0: frame 4: log time 4 is before 90, and frames after it"
            ]
        )
        #expect(try losses { $0[3].time = 1 } == ["0: frame 3: log time 1 is before 2"])
    }
}
