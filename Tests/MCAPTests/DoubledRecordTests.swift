import ByteCoding
import MCAP
import Testing

/// Attachments and metadata duplicated by damage, or written twice.
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

    /// The bounds of the run of metadata and attachments.
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

    // MARK: - What a writer wrote twice

    private static let twin = Metadata(name: "m", values: ["k": "v"])

    /// Three messages, the same metadata before each and one attachment after all; the offset of every
    /// record.
    private func twins(chunked: Bool, ending: Bool) throws -> (bytes: [UInt8], indexes: [Int]) {
        var options = WriterOptions()
        options.chunkSize = chunked ? 1 : nil
        options.dataCRC = false
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(), options: options)
        try writer.add(Channel(id: 1, topic: "/a"))
        for index in UInt32(1)...3 {
            try writer.write(Self.twin)
            let header = MessageHeader(channelID: 1, sequence: index, logTime: 9, publishTime: 9)
            try writer.write(header, data: [UInt8(index)].span.bytes)
        }
        try writer.write(Attachment(logTime: 1, createTime: 2, name: "a", mediaType: "text/plain", data: [1]))
        try writer.finish()
        let bytes = output.takeBytes()
        var (indexes, position) = ([Int](), 8)
        while position + 9 <= bytes.count - 8 {
            indexes.append(position)
            position += 9 + (0..<8).reduce(0) { $0 | Int(bytes[position + 1 + $1]) << (8 * $1) }
            if !ending, bytes[indexes[indexes.count - 1]] == 9 { break }
        }
        return (bytes, indexes)
    }

    /// The records of a kind.
    private func records(_ kind: UInt8, _ file: (bytes: [UInt8], indexes: [Int])) -> [Int] {
        file.indexes.indices.filter { file.bytes[file.indexes[$0]] == kind }
    }

    @Test(arguments: [false, true])
    func `a torn file keeps equal metadata between different messages`(chunked: Bool) throws {
        let file = try twins(chunked: chunked, ending: false)
        let attachment = try #require(records(9, file).first)
        let (recovery, _) = try recover(Array(file.bytes[..<file.indexes[attachment]]))
        #expect(recovery.metadata == 3 && recovery.messages == 3 && !recovery.isComplete)
        #expect(recovery.losses == [])
    }

    @Test(arguments: [false, true])
    func `a torn file keeps metadata of a copied block once`(chunked: Bool) throws {
        let file = try twins(chunked: chunked, ending: false)
        let (metadata, attachment) = (records(12, file), try #require(records(9, file).first))
        #expect(metadata.count == 3)
        let cut = file.indexes[attachment]
        // The second message with the metadata before it, with that after it too, or with only the latter.
        let blocks = [
            (metadata[1], metadata[2], 1), (metadata[1], metadata[2] + 1, 2),
            (metadata[1] + 1, metadata[2] + 1, 1),
        ]
        for (first, end, count) in blocks {
            let block = file.bytes[file.indexes[first]..<file.indexes[end]]
            var bytes = Array(file.bytes[..<cut])
            for copies in 1...2 {
                bytes.insert(contentsOf: block, at: file.indexes[end])
                let recovery = try recover(bytes).recovery
                let note: Comment = "records \(first) to \(end), copies \(copies)"
                #expect(recovery.metadata == 3, note)
                #expect(recovery.losses.count == copies * (count + (chunked ? 1 : 0)), note)
                // Messages outside chunks are kept: repeats of them are not searched for.
                #expect(recovery.messages == (chunked ? 3 : 3 + UInt64(copies)), note)
            }
        }
    }

    @Test func `what the summary counts is kept, and the first that no index names is the copy`() throws {
        let file = try twins(chunked: true, ending: true)
        let metadata = records(12, file)
        for slot in metadata {
            let record = file.bytes[file.indexes[slot]..<file.indexes[slot + 1]]
            var bytes = file.bytes
            bytes.insert(contentsOf: record, at: file.indexes[slot + 1])
            let recovery = try recover(bytes).recovery
            #expect(recovery.metadata == 3 && recovery.attachments == 1 && recovery.messages == 3)
            #expect(recovery.losses.map { Int($0.offset) } == [file.indexes[slot + 1]])
        }
    }

    @Test func `a summary whose checksum fails says nothing of equal metadata`() throws {
        let file = try twins(chunked: true, ending: true)
        let statistics = try #require(records(11, file).first)
        var bytes = file.bytes
        // Messages 8, schemas 2, channels 4, attachments 4 bytes: then the number of metadata records.
        #expect(bytes[file.indexes[statistics] + 9 + 18] == 3)
        bytes[file.indexes[statistics] + 9 + 18] = 1
        #expect(try recover(bytes).recovery.metadata == 3)
    }
}
