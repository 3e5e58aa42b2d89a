import ByteCoding
import MCAP
import Testing

@Suite struct RecoveryTests {
    private func recover(_ bytes: [UInt8]) throws -> (recovery: Recovery, bytes: [UInt8]) {
        let output = ByteOutput()
        let recovery = try Recovery(of: try ByteInput(bytes: bytes.span.bytes), to: output)
        return (recovery, output.takeBytes())
    }

    /// Kept data is sound and complete, and kept and lost bytes add up to the file.
    private func check(_ damaged: [UInt8], _ note: String) throws {
        let (recovery, sound) = try recover(damaged)
        let before = try Reading(damaged, salvaging: true)
        let after = try Reading(sound)
        #expect(after.messages == before.messages, "\(note)")
        #expect(after.losses == [] && after.isComplete, "\(note)")
        #expect(after.attachments == before.attachments, "\(note)")
        let problems = try FileCheck(checking: try ByteInput(bytes: sound.span.bytes)).problems
        #expect(problems == [], "\(note)")
        #expect(recovery.messages == UInt64(before.messages.count), "\(note)")
        #expect(recovery.losses.reduce(0) { $0 + $1.length } <= UInt64(damaged.count), "\(note)")
    }

    @Test(arguments: 0..<4)
    func `a file cut anywhere is recovered to a sound one`(index: Int) throws {
        let sample = DamageTests.samples[index]
        for cut in stride(from: 1, to: sample.bytes.count, by: 7) {
            try check(Array(sample.bytes[..<cut]), "cut at \(cut)")
        }
    }

    @Test(arguments: 0..<4)
    func `a file with random damage is recovered to a sound one`(index: Int) throws {
        let sample = DamageTests.samples[index]
        for seed in UInt64(0)..<300 {
            var random = SplitMix(state: seed &+ 7_777)
            var bytes = sample.bytes
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                bytes[Int.random(in: 8..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            try check(bytes, "seed \(seed)")
        }
    }

    @Test func `a sound file keeps everything`() throws {
        for sample in DamageTests.samples {
            let (recovery, sound) = try recover(sample.bytes)
            #expect(recovery.losses == [] && recovery.isComplete)
            #expect(recovery.attachments == 1 && recovery.metadata == 1)
            #expect(try Reading(sound).messages == sample.messages)
        }
    }

    @Test func `what is not MCAP at all is refused`() {
        let bytes = [UInt8](repeating: 0x41, count: 5_000)
        #expect(throws: MCAPError.self) { try recover(bytes) }
    }
}

@Suite struct FileCheckTests {
    private func problems(_ bytes: [UInt8]) throws -> [String] {
        try FileCheck(checking: try ByteInput(bytes: bytes.span.bytes)).problems.map(\.what)
    }

    @Test func `sound files have no problems`() throws {
        for sample in DamageTests.samples { #expect(try problems(sample.bytes) == []) }
    }

    @Test(arguments: 0..<4)
    func `any flipped bit is found`(index: Int) throws {
        let sample = DamageTests.samples[index]
        for position in 8..<sample.bytes.count {
            var bytes = sample.bytes
            bytes[position] ^= 1 << UInt8(position % 8)
            #expect(try !problems(bytes).isEmpty, "byte \(position)")
        }
    }

    @Test(arguments: 0..<4)
    func `any cut is found`(index: Int) throws {
        let sample = DamageTests.samples[index]
        for cut in stride(from: 8, to: sample.bytes.count, by: 3) {
            #expect(try !problems(Array(sample.bytes[..<cut])).isEmpty, "cut at \(cut)")
        }
    }

    @Test func `an index that lies is found, though every checksum holds`() throws {
        let sample = try SampleFile(compression: .none, chunked: true) {
            ($0.summaryCRC, $0.dataCRC, $0.chunkCRC) = (false, false, false)
        }
        #expect(try problems(sample.bytes) == [])
        var found = 0
        for position in 8..<sample.bytes.count {
            var bytes = sample.bytes
            bytes[position] ^= 1
            if try !problems(bytes).isEmpty { found += 1 }
        }
        // Only the messages' contents have no redundant copy.
        let own = sample.messages.reduce(0) { $0 + $1.data.count + 4 + 8 }
        #expect(found > sample.bytes.count - own - 300)
    }
}

@Suite struct IndexedReaderTests {
    private func sample(_ random: inout SplitMix) throws -> (bytes: [UInt8], messages: [TestMessage]) {
        var options = WriterOptions()
        options.chunkSize = 300
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(), options: options)
        for id in UInt16(0)..<3 { try writer.add(Channel(id: id, topic: "/\(id)")) }
        var messages: [TestMessage] = []
        for sequence in UInt32(0)..<200 {
            let time = UInt64(sequence / 3) + UInt64.random(in: 0...20, using: &random)
            let header = MessageHeader(
                channelID: UInt16.random(in: 0..<3, using: &random),
                sequence: sequence,
                logTime: time,
                publishTime: 0
            )
            let data = Array("message \(sequence)".utf8)
            try writer.write(header, data: data.span.bytes)
            messages.append(TestMessage(header: header, data: data))
        }
        try writer.finish()
        return (output.takeBytes(), messages)
    }

    private func read(_ reader: IndexedReader) throws -> [TestMessage] {
        var messages: [TestMessage] = []
        while try reader.next() {
            messages.append(
                TestMessage(header: reader.message, data: reader.data.withUnsafeBytes { Array($0) })
            )
        }
        return messages
    }

    @Test func `messages come by time, ties as in the file, and only the chunks needed are read`() throws {
        for seed in UInt64(0)..<50 {
            var random = SplitMix(state: seed)
            let (bytes, messages) = try sample(&random)
            let from = UInt64.random(in: 0...60, using: &random)
            let to = from + UInt64.random(in: 1...30, using: &random)
            let id = UInt16.random(in: 0..<3, using: &random)
            let wanted = messages.filter {
                $0.header.channelID == id && (from..<to).contains($0.header.logTime)
            }
            let sorted = wanted.enumerated().sorted {
                ($0.1.header.logTime, $0.0) < ($1.1.header.logTime, $1.0)
            }.map(\.1)
            let byTime = try IndexedReader(FileReader(bytes: bytes), times: from..<to) { $0.id == id }
            #expect(try read(byTime) == sorted, "seed \(seed)")
            #expect(byTime.chunksRead < byTime.summary.chunkIndexes.count, "seed \(seed)")
            let inFile = try IndexedReader(FileReader(bytes: bytes), times: from..<to, order: .file) {
                $0.id == id
            }
            #expect(try read(inFile) == wanted, "seed \(seed)")
        }
    }

    @Test func `more overlap than the limit is a typed error`() throws {
        var random = SplitMix(state: 1)
        let (bytes, _) = try sample(&random)
        let reader = try IndexedReader(FileReader(bytes: bytes), limits: ReaderLimits(overlap: 700))
        #expect(throws: MCAPError.self) { try read(reader) }
    }

    @Test func `what is noted of records counts as memory of overlapping chunks`() throws {
        var options = WriterOptions()
        options.chunkSize = 300
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(), options: options)
        try writer.add(Channel(id: 1, topic: "/a"))
        // Messages without data, of one time: all chunks are held at once.
        for sequence in UInt32(0)..<100 {
            let header = MessageHeader(channelID: 1, sequence: sequence, logTime: 5, publishTime: 5)
            try writer.write(header, data: [UInt8]().span.bytes)
        }
        try writer.finish()
        let bytes = output.takeBytes()
        let chunks = try Summary(FileReader(bytes: bytes)).chunkIndexes
        let expanded = Int(chunks.reduce(0) { $0 + $1.uncompressedSize })
        func count(overlap: Int) throws -> Int {
            let limits = ReaderLimits(overlap: overlap)
            return try read(IndexedReader(FileReader(bytes: bytes), limits: limits)).count
        }
        #expect(throws: MCAPError.self) { try count(overlap: expanded + 36 * 99) }
        #expect(try count(overlap: expanded + 36 * 100 + 32 * chunks.count) == 100)
    }

    @Test func `a torn file has no index, and says what to do`() throws {
        let bytes = DamageTests.samples[1].bytes
        let error = MCAPError.noIndex(name: "memory", reason: "the end of the file is missing")
        #expect(throws: error) { try Summary(FileReader(bytes: Array(bytes.dropLast(3)))) }
        #expect(
            error.description == "memory: no index: the end of the file is missing (try: atelier recover)"
        )
    }

    @Test(arguments: 0..<3)
    func `a damaged file read by its index never crashes`(index: Int) throws {
        let sample = DamageTests.samples[index]
        for seed in UInt64(0)..<500 {
            var random = SplitMix(state: seed)
            var bytes = sample.bytes
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            guard let reader = try? IndexedReader(FileReader(bytes: bytes)) else { continue }
            let count = try read(reader).count
            #expect(count <= sample.messages.count)
        }
    }
}
