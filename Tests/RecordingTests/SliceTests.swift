import ByteCoding
import Foundation
import MCAP
import MarketModel
import Recording
import Testing

/// Slices, merges and checks of recordings, against simple models.
@Suite struct SliceTests {
    /// A frame as read.
    private struct Seen: Equatable {
        var index: UInt64
        var topic: String
        var time: Int64
        var sequence: UInt32
        var text: String
    }

    private func seen(_ reader: RecordingReader, topic: String? = nil) throws -> [Seen] {
        var frames: [Seen] = []
        while try reader.advance() {
            guard topic == nil || reader.channel.topic == topic else { continue }
            frames.append(
                Seen(
                    index: reader.index,
                    topic: reader.channel.topic,
                    time: reader.receiveTime,
                    sequence: reader.sequence,
                    text: reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                )
            )
        }
        return frames
    }

    /// A file in small chunks, with times that sometimes step back and a rarely used channel.
    private func file(_ random: inout SplitMix) throws -> [UInt8] {
        var time: Int64 = 1_000
        let sent = (0..<Int.random(in: 1...300, using: &random)).map { index in
            time += Int64.random(in: -3...12, using: &random)
            let channel = Int.random(in: 0..<40, using: &random) == 0 ? 1 : 0
            return (channel, time, "frame number \(index)")
        }
        return try record(
            sent,
            channels: RecordingTests.channels,
            chunkSize: Int.random(in: 1...900, using: &random)
        )
    }

    @Test func `a slice by the index is the same part of the whole`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mcap").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        for seed in UInt64(0)..<150 {
            var random = SplitMix(state: seed)
            var bytes = try file(&random)
            // A torn file has no index; its slices are found by reading it.
            if seed % 5 == 4 { bytes.removeLast(20) }
            try Data(bytes).write(to: URL(filePath: path))
            let whole = try seen(try RecordingReader(path: path))
            for _ in 0..<6 {
                let times = [
                    Int64.random(in: 900...3_500, using: &random), .random(in: 900...3_500, using: &random),
                ]
                let from = Bool.random(using: &random) ? times.min() : nil
                let to = Bool.random(using: &random) ? (times.max() ?? 0) + 1 : nil
                let topic =
                    [nil, "/bybit/linear/c0/in", "/bybit/linear/c0/status", "/none"].randomElement(
                        using: &random
                    ) ?? nil
                let reader = try RecordingReader(
                    path: path,
                    slice: TimeSlice(from: from, to: to),
                    trustedFrom: [0, 1 << 20].randomElement(using: &random) ?? 0
                ) {
                    topic == nil || $0.topic == topic
                }
                let wanted = whole.filter { frame in
                    (topic == nil || frame.topic == topic) && frame.time >= from ?? .min
                        && frame.time < to ?? .max
                }
                let found = try seen(reader, topic: topic)
                #expect(found == wanted, "seed \(seed) \(String(describing: (from, to, topic)))")
                #expect(
                    reader.isDamaged == (seed % 5 == 4 && reader.progress.read == reader.progress.size ?? 0)
                )
            }
        }
    }

    @Test func `a merge is the stable sort by time, session, name and position`() throws {
        for seed in UInt64(0)..<60 {
            var random = SplitMix(state: seed)
            var readers: [RecordingReader] = []
            var expected: [(time: Int64, start: Int64, name: Int, index: Int, text: String)] = []
            for name in 0..<Int.random(in: 1...5, using: &random) {
                let start = Int64.random(in: 1...3, using: &random)
                var time: Int64 = 0
                let sent = (0..<Int.random(in: 0...60, using: &random)).map { position in
                    time += Int64.random(in: 0...3, using: &random)
                    return (0, time, "\(name)/\(position)")
                }
                let bytes = try record(sent, channels: RecordingTests.channels, chunkSize: 100, start: start)
                let path = FileManager.default.temporaryDirectory.appending(
                    path: "\(name)-\(UUID().uuidString)"
                ).path()
                try Data(bytes).write(to: URL(filePath: path))
                defer { try? FileManager.default.removeItem(atPath: path) }
                readers.append(try RecordingReader(path: path))
                for (position, frame) in sent.enumerated() {
                    expected.append((frame.1, start, name, position, frame.2))
                }
            }
            readers.shuffle(using: &random)
            var merge = try RecordingMerge(readers)
            var found: [String] = []
            while let reader = try merge.next() {
                found.append(reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
            }
            expected.sort { ($0.time, $0.start, $0.name, $0.index) < ($1.time, $1.start, $1.name, $1.index) }
            #expect(found == expected.map(\.text), "seed \(seed)")
        }
    }
}
