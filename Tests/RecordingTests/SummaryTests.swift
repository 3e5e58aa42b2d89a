import ByteCoding
import Foundation
import MCAP
import MarketModel
import Recording
import Testing

/// A summary by a file's index, against one by reading it.
@Suite struct SummaryTests {
    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mcap").path()
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private static let sent = (0..<300).map { index in
        (index % 7 == 0 ? 1 : 0, Int64(1_000 + index), "frame number \(index)")
    }

    @Test(arguments: RecordingWriter.Compression.allCases, [500, 1 << 20])
    func `the index says what a reading counts`(
        compression: RecordingWriter.Compression,
        chunkSize: Int
    ) throws {
        let channels = RecordingTests.channels
        let bytes = try record(Self.sent, channels: channels, compression: compression, chunkSize: chunkSize)
        try withFile(bytes) { path in
            var read = try RecordingSummary(reading: path)
            #expect(read.isCounted && read.stepsBack == 0 && read.missingFrames == 0)
            (read.stepsBack, read.missingFrames) = (nil, nil)
            let told = try #require(RecordingSummary(indexOf: path))
            #expect(told == read)
            #expect(!told.isCounted && told.frames == 300)
        }
    }

    @Test func `an index is not believed where anything was taken out, put in or cut off`() throws {
        let bytes = try record(Self.sent, channels: RecordingTests.channels, chunkSize: 500)
        try withFile(bytes) { path in
            let index = try Summary(FileReader(path: path))
            #expect(index.chunkIndexes.count > 10)
            let middle = Int(index.chunkIndexes[5].chunkOffset)
            var variants: [[UInt8]] = []
            for cut in 1..<60 { variants.append(Array(bytes.dropLast(cut))) }
            variants.append(
                Array(bytes[..<middle] + bytes[(middle + Int(index.chunkIndexes[5].chunkLength))...])
            )
            variants.append(bytes[..<middle] + [0] + bytes[middle...])
            variants.append(bytes + [0])
            // Every byte of the summary is covered by its checksum.
            for position in Int(index.offset)..<bytes.count {
                var changed = bytes
                changed[position] ^= 4
                variants.append(changed)
            }
            for variant in variants {
                try Data(variant).write(to: URL(filePath: path))
                #expect(RecordingSummary(indexOf: path) == nil)
            }
        }
    }

    @Test func `a file without counts or chunk indexes is read`() throws {
        for lacks in [\WriterOptions.statistics, \.chunkIndex] {
            var options = WriterOptions()
            options[keyPath: lacks] = false
            let output = ByteOutput()
            let writer = try MCAPWriter(output, header: Header(), options: options)
            try writer.add(Channel(id: 0, topic: "/a"))
            let header = MessageHeader(channelID: 0, sequence: 1, logTime: 1, publishTime: 1)
            try writer.write(header, data: [1, 2].span.bytes)
            try writer.finish()
            try withFile(output.takeBytes()) { path in
                #expect(RecordingSummary(indexOf: path) == nil)
                let read = try RecordingSummary(reading: path)
                #expect(read.frames == 1)
            }
        }
    }

    @Test func timesBeyondTheGreatestOfASignedNumberAreReadToTheEnd() throws {
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header())
        try writer.add(Channel(id: 0, topic: "/a"))
        let times: [UInt64] = [1, 1 << 62, 1 << 63, .max - 1, .max]
        for (position, time) in times.enumerated() {
            let header = MessageHeader(
                channelID: 0,
                sequence: UInt32(position + 1),
                logTime: time,
                publishTime: time
            )
            try writer.write(header, data: [7].span.bytes)
        }
        try writer.finish()
        try withFile(output.takeBytes()) { path in
            let reader = try RecordingReader(path: path)
            var found: [UInt64] = []
            while try reader.advance() { found.append(reader.rawLogTime) }
            #expect(found == times)
            let slice = try RecordingReader(path: path, slice: TimeSlice(from: 2))
            var count = 0
            while try slice.advance() { count += 1 }
            #expect(count == 4)
            #expect(try RecordingSummary(reading: path).frames == 5)
        }
    }
}
