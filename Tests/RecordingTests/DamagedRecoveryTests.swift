import ByteCoding
import Foundation
import MCAP
import Recording
import Testing

/// Files whose channel is only in the first chunk and the summary, damaged where that matters.
@Suite struct DamagedRecoveryTests {
    /// Each chunk holds 20 messages of one channel, as other programs write them.
    private func sample() throws -> [UInt8] {
        var options = WriterOptions()
        options.chunkSize = 900
        options.repeatsChannelsInChunks = false
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(profile: "atelier"), options: options)
        try writer.add(Schema(id: 4, name: "s", encoding: "jsonschema", data: [1, 2]))
        try writer.add(Channel(id: 1, schemaID: 4, topic: "/bybit/linear/c0/in", messageEncoding: "json"))
        for index in UInt32(1)...300 {
            let time = UInt64(index) * 1_000
            let header = MessageHeader(channelID: 1, sequence: index, logTime: time, publishTime: time)
            try writer.write(header, data: Array("{\"noise\":\(index &* 2_654_435_761)}".utf8).span.bytes)
        }
        try writer.finish()
        return output.takeBytes()
    }

    /// Offset, length and number of messages of each chunk with its message index.
    private func chunks(_ bytes: [UInt8]) throws -> [(range: Range<Int>, whole: Range<Int>, count: Int)] {
        try Summary(FileReader(bytes: bytes)).chunkIndexes.map { index in
            let start = Int(index.chunkOffset)
            let end = start + Int(index.chunkLength)
            let length = Int(index.messageIndexLength)
            return (start..<end, start..<end + length, (length - 15) / 16)
        }
    }

    private func recover(
        _ bytes: [UInt8],
        _ note: String
    ) throws -> (report: RecordingRecovery, sound: Data, reader: [UInt32], info: RecordingSummary) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (damaged, sound) = (
            folder.appending(path: "damaged").path(), folder.appending(path: "sound").path()
        )
        try Data(bytes).write(to: URL(filePath: damaged))
        let output = try ByteOutput(path: sound)
        let report = try RecordingRecovery(of: damaged, to: output)
        try output.finish(replacing: false)
        #expect(report.bytesKept + report.bytesLost == UInt64(bytes.count), "\(note)")
        var check = RecordingCheck()
        try check.add(path: sound)
        #expect(check.problems == [], "\(note)")
        let reader = try RecordingReader(path: damaged)
        var sequences: [UInt32] = []
        while try reader.advance() { sequences.append(reader.sequence) }
        let info = try RecordingSummary(checking: damaged)
        return (report, try Data(contentsOf: URL(filePath: sound)), sequences, info)
    }

    private func sequences(_ bytes: Data) throws -> [UInt32] {
        let reader = try RecordingReader(bytes: [UInt8](bytes).span.bytes)
        var sequences: [UInt32] = []
        while try reader.advance() { sequences.append(reader.sequence) }
        return sequences
    }

    @Test(arguments: UInt64(0)..<20)
    func `bytes put into or taken out of the first chunk cost that chunk alone`(seed: UInt64) throws {
        var random = Random(state: seed)
        let whole = try sample()
        let chunks = try chunks(whole)
        var bytes = whole
        let position = Int.random(
            in: chunks[0].range.lowerBound + 60..<chunks[0].range.upperBound,
            using: &random
        )
        if seed % 2 == 0 {
            let added = (0..<Int.random(in: 1...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            bytes.insert(contentsOf: added, at: position)
        } else {
            bytes.removeSubrange(position..<min(position + 40, chunks[0].range.upperBound))
        }
        let result = try recover(bytes, "seed \(seed)")
        let kept = Array(UInt32(chunks[0].count + 1)...300)
        #expect(try sequences(result.sound) == kept, "seed \(seed)")
        #expect(result.reader == kept, "seed \(seed)")
        #expect(!result.report.wasSound && result.info.isDamaged, "seed \(seed)")
        #expect(try Summary(FileReader(bytes: Array(result.sound))).schemas.map(\.id) == [4], "seed \(seed)")
    }

    @Test func `a damaged message index costs nothing and is stated`() throws {
        let whole = try sample()
        for chunk in try chunks(whole) {
            for position in stride(from: chunk.range.upperBound + 17, to: chunk.whole.upperBound, by: 37) {
                var bytes = whole
                bytes[position] ^= 0x40
                let result = try recover(bytes, "byte \(position)")
                #expect(result.report.frames == 300 && result.report.bytesLost == 0, "byte \(position)")
                #expect(!result.report.wasSound && result.info.isDamaged, "byte \(position)")
                #expect(result.report.losses.allSatisfy { $0.frames == 0 }, "byte \(position)")
            }
        }
        let sound = try recover(whole, "sound")
        #expect(sound.report.wasSound && !sound.info.isDamaged)
    }

    @Test(arguments: UInt64(0)..<20)
    func `a range of bytes that damage doubled is kept once`(seed: UInt64) throws {
        var random = Random(state: seed)
        let whole = try sample()
        let chunks = try chunks(whole)
        let first = Int.random(in: 0..<chunks.count - 1, using: &random)
        let last = Int.random(in: first...min(first + 2, chunks.count - 2), using: &random)
        var (start, end) = (chunks[first].whole.lowerBound, chunks[last].whole.upperBound)
        // Half of them start and end within a record.
        if seed % 2 == 0, first > 0 {
            start -= Int.random(in: 1...chunks[first - 1].whole.count / 2, using: &random)
            end += Int.random(in: 1...40, using: &random)
        }
        let bytes = Array(whole[..<end] + whole[start...])
        let result = try recover(bytes, "seed \(seed)")
        let kept = try sequences(result.sound)
        #expect(kept == kept.sorted() && Set(kept).count == kept.count, "seed \(seed)")
        #expect(kept.count >= 300 - chunks[last + 1].count, "seed \(seed)")
        #expect(!result.report.wasSound && result.report.bytesLost > 0, "seed \(seed)")
    }

    @Test func `chunks that changed indexes are kept, and the new file says so`() throws {
        let whole = try sample()
        let chunks = try chunks(whole)
        let (one, two) = (chunks[2].whole, chunks[3].whole)
        let bytes = Array(whole[..<one.lowerBound] + whole[two] + whole[one] + whole[two.upperBound...])
        let result = try recover(bytes, "swapped")
        #expect(try sequences(result.sound).sorted() == Array(1...300))
        #expect(!result.report.wasSound && result.info.isDamaged)
    }
}

/// A small generator whose seed a failing test prints.
private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
