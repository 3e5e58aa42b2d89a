import ByteCoding
import MCAP
import Testing

/// Attachments and metadata that damage doubled, or that a writer wrote twice.
@Suite struct DoubledRecordTests {
    private func file(twice: Bool = false) throws -> [UInt8] {
        var options = WriterOptions()
        options.dataCRC = false
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(), options: options)
        try writer.add(Channel(id: 1, topic: "/a"))
        for _ in 0..<(twice ? 2 : 1) {
            try writer.write(Metadata(name: "m", values: ["k": "v"]))
            try writer.write(Metadata(name: "m", values: ["k": "w"]))
            try writer.write(
                Attachment(logTime: 1, createTime: 2, name: "a", mediaType: "text/plain", data: [1, 2, 3])
            )
        }
        for index in UInt32(1)...9 {
            let header = MessageHeader(channelID: 1, sequence: index, logTime: 9, publishTime: 9)
            try writer.write(header, data: [UInt8(index)].span.bytes)
        }
        try writer.finish()
        return output.takeBytes()
    }

    private func recover(_ bytes: [UInt8]) throws -> (recovery: Recovery, sound: Reading) {
        let output = ByteOutput()
        let recovery = try Recovery(
            of: ByteInput(bytes: bytes.span.bytes),
            to: output,
            after: FileCheck(checking: ByteInput(bytes: bytes.span.bytes))
        )
        let sound = output.takeBytes()
        #expect(try FileCheck(checking: ByteInput(bytes: sound.span.bytes)).problems == [])
        return (recovery, try Reading(sound))
    }

    /// Begin and end of the run of metadata and attachments.
    private func extras(_ bytes: [UInt8]) throws -> Range<Int> {
        let summary = try Summary(FileReader(bytes: bytes))
        let first = try #require(summary.metadataIndexes.first)
        let last = try #require(summary.attachmentIndexes.last)
        return Int(first.offset)..<Int(last.offset + last.length)
    }

    @Test func `what damage doubled is kept once, and the copy is counted as lost bytes`() throws {
        let whole = try file()
        let run = try extras(whole)
        for copies in 1...2 {
            var bytes = whole
            for _ in 0..<copies { bytes.insert(contentsOf: whole[run], at: run.upperBound) }
            let (recovery, sound) = try recover(bytes)
            #expect(recovery.attachments == 1 && recovery.metadata == 2 && recovery.messages == 9)
            #expect(recovery.losses.count == 3 * copies)
            #expect(recovery.losses.reduce(0) { $0 + Int($1.length) } == run.count * copies)
            #expect(recovery.losses.allSatisfy { $0.messages == 0 })
            let reason = try #require(recovery.losses.first?.reason)
            #expect(reason == "metadata record repeats the one at byte \(run.lowerBound) byte for byte")
            #expect(sound.attachments == 1)
        }
    }

    @Test func `a sound file keeps what its writer wrote twice`() throws {
        let (recovery, sound) = try recover(try file(twice: true))
        #expect(recovery.losses == [] && recovery.attachments == 2 && recovery.metadata == 4)
        #expect(sound.attachments == 2)
    }
}
