import ByteCoding
import MCAP
import Testing

/// A small generator whose seed a failing test prints.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// One message as a test sees it.
struct TestMessage: Equatable {
    var header: MessageHeader
    var data: [UInt8]
}

/// The result of reading bytes.
struct Reading: Equatable {
    var messages: [TestMessage] = []
    var losses: [Loss] = []
    var attachments = 0
    var isComplete = false

    var chunksAhead: UInt64 = 0

    /// `ahead` is the file that chunks are expanded from ahead.
    init(
        _ bytes: [UInt8],
        ahead: [UInt8]? = nil,
        limits: ReaderLimits = .init(),
        salvaging: Bool = false
    ) throws {
        let reader = try StreamReader(
            try ByteInput(bytes: bytes.span.bytes),
            limits: limits,
            salvaging: salvaging
        )
        if let ahead { reader.readAhead(in: FileReader(bytes: ahead)) }
        while let event = try reader.next() {
            switch event {
            case .message:
                messages.append(
                    TestMessage(header: reader.message, data: reader.data.withUnsafeBytes { Array($0) })
                )
            case .attachment: attachments += 1
            case .metadata: break
            }
        }
        losses = reader.losses
        isComplete = reader.isComplete
        chunksAhead = reader.chunksAhead
    }
}

/// A file of a few chunks with everything in it.
struct SampleFile {
    let bytes: [UInt8]
    let messages: [TestMessage]
    /// End of each top-level record.
    var recordEnds: [Int] {
        var ends = [8]
        var position = 8
        while position < bytes.count - 8 {
            let length = (0..<8).reduce(0) { $0 | Int(bytes[position + 1 + $1]) << (8 * $1) }
            position += 9 + length
            ends.append(position)
        }
        return ends + [bytes.count]
    }

    init(
        compression: ChunkCompression,
        chunked: Bool,
        count: Int = 60,
        chunkSize: Int = 900,
        change: (inout WriterOptions) -> Void = { _ in }
    ) throws {
        var options = WriterOptions()
        options.compression = compression
        options.chunkSize = chunked ? chunkSize : nil
        options.repeatsChannelsInChunks = true
        change(&options)
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header(profile: "p", library: "l"), options: options)
        try writer.write(Metadata(name: "session", values: ["a": "b"]))
        try writer.add(Schema(id: 1, name: "s", encoding: "jsonschema", data: [1, 2, 3]))
        try writer.add(Channel(id: 0, topic: "/a", messageEncoding: "json", metadata: ["k": "v"]))
        try writer.add(Channel(id: 7, schemaID: 1, topic: "/b"))
        var messages: [TestMessage] = []
        for index in 0..<count {
            let header = MessageHeader(
                channelID: index % 3 == 0 ? 7 : 0,
                sequence: UInt32(index),
                logTime: UInt64(1_000 + index),
                publishTime: UInt64(index)
            )
            let data = Array("{\"index\":\(index),\"text\":\"frame number \(index * 7_919)\"}".utf8)
            try writer.write(header, data: data.span.bytes)
            messages.append(TestMessage(header: header, data: data))
            if index == 30 {
                try writer.write(
                    Attachment(logTime: 5, createTime: 0, name: "n", mediaType: "text/plain", data: [9, 9])
                )
            }
        }
        try writer.finish()
        bytes = output.takeBytes()
        self.messages = messages
    }
}

@Suite struct DamageTests {
    static let samples: [SampleFile] = {
        let kinds: [(ChunkCompression, Bool)] = [
            (.none, true), (.zstd(level: 1), true), (.lz4, true), (.none, false),
        ]
        return kinds.compactMap { try? SampleFile(compression: $0.0, chunked: $0.1) }
    }()

    /// Cuts out, puts in and overwrites a few bytes.
    static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let start = Int.random(in: 8..<bytes.count, using: &random)
            let count = min(Int.random(in: 1...40, using: &random), bytes.count - start)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeSubrange(start..<start + count)
            case 1:
                bytes.insert(
                    contentsOf: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) },
                    at: start
                )
            case 2:
                for slot in start..<start + count {
                    bytes[slot] = UInt8.random(in: 0...255, using: &random)
                }
            default: for slot in start..<start + count { bytes[slot] = 0xff }
            }
        }
    }

    /// Messages read must be messages written, in order; returns how many are missing.
    private func missing(_ reading: Reading, of sample: SampleFile) -> Int? {
        var position = 0
        for message in reading.messages {
            while position < sample.messages.count, sample.messages[position] != message { position += 1 }
            guard position < sample.messages.count else { return nil }
            position += 1
        }
        return sample.messages.count - reading.messages.count
    }

    /// Losses must be within the file and in order.
    private func areSound(_ losses: [Loss], size: Int) -> Bool {
        var end: UInt64 = 0
        for loss in losses where loss.length > 0 {
            guard loss.offset >= end, loss.offset + loss.length <= UInt64(size) else { return false }
            end = loss.offset + loss.length
        }
        return true
    }

    @Test func `undamaged files are read whole`() throws {
        #expect(Self.samples.count == 4)
        for sample in Self.samples {
            let reading = try Reading(sample.bytes)
            #expect(reading.messages == sample.messages)
            #expect(reading.losses == [] && reading.isComplete && reading.attachments == 1)
        }
    }

    @Test(arguments: 0..<4)
    func `a file cut at any byte is read up to its last whole record`(index: Int) throws {
        let sample = Self.samples[index]
        let ends = sample.recordEnds
        for cut in 1..<sample.bytes.count {
            let reading = try Reading(Array(sample.bytes[..<cut]))
            let lost = missing(reading, of: sample)
            #expect(lost != nil)
            #expect(reading.messages == Array(sample.messages.prefix(reading.messages.count)))
            #expect(!reading.isComplete)
            let whole = ends.last { $0 <= cut } ?? 0
            let tail = UInt64(cut - whole)
            #expect(reading.losses.reduce(0) { $0 + $1.length } == tail, "cut at \(cut)")
            if tail > 0 { #expect(reading.losses.first?.offset == UInt64(whole)) }
        }
    }

    @Test(arguments: 0..<3)
    func `a flipped bit costs one chunk at most, and is noticed if it costs anything`(index: Int) throws {
        let sample = Self.samples[index]
        let perChunk = 20
        for position in 8..<sample.bytes.count {
            for bit in [0, 3, 7] {
                var bytes = sample.bytes
                bytes[position] ^= 1 << UInt8(bit)
                let reading = try Reading(bytes)
                let lost = missing(reading, of: sample)
                #expect(lost != nil, "byte \(position) bit \(bit)")
                #expect((lost ?? 0) <= perChunk, "byte \(position) bit \(bit)")
                if let lost, lost > 0 {
                    let told = reading.losses.reduce(UInt64(0)) { $0 + ($1.messages ?? 0) }
                    let isUnknown = reading.losses.contains { $0.messages == nil }
                    #expect(
                        isUnknown || told == UInt64(lost),
                        "byte \(position) bit \(bit): \(lost) \(reading.losses)"
                    )
                }
                #expect(
                    areSound(reading.losses, size: bytes.count),
                    "byte \(position) bit \(bit): \(reading.losses)"
                )
            }
        }
    }

    @Test func `a flipped bit in a file without chunks costs few messages and nothing hangs`() throws {
        let sample = Self.samples[3]
        for position in 8..<sample.bytes.count {
            for bit in 0..<8 {
                var bytes = sample.bytes
                bytes[position] ^= 1 << UInt8(bit)
                let reading = try Reading(bytes)
                // The messages lost with a channel record are reported one by one.
                let told = reading.losses.reduce(0) { $0 + Int($1.messages ?? 3) }
                #expect(
                    reading.messages.count >= sample.messages.count - max(3, told),
                    "byte \(position) bit \(bit)"
                )
                #expect(areSound(reading.losses, size: bytes.count), "byte \(position) bit \(bit)")
            }
        }
    }

    @Test(arguments: 0..<4)
    func `a zero-filled tail is one loss`(index: Int) throws {
        let sample = Self.samples[index]
        for keep in stride(from: 40, to: sample.bytes.count, by: 97) {
            let whole = sample.recordEnds.last { $0 <= keep } ?? 0
            let bytes = Array(sample.bytes[..<whole]) + [UInt8](repeating: 0, count: 5_000)
            let reading = try Reading(bytes)
            #expect(missing(reading, of: sample) != nil)
            #expect(reading.losses.map(\.offset) == [UInt64(whole)])
            #expect(reading.losses.map(\.length) == [5_000])
            #expect(!reading.isComplete)
        }
    }

    @Test(arguments: 0..<4)
    func `random damage never crashes and losses stay within the file`(index: Int) throws {
        let sample = Self.samples[index]
        for seed in UInt64(0)..<2_000 {
            var random = SplitMix(state: seed)
            var bytes = sample.bytes
            Self.damage(&bytes, &random)
            let reading = try Reading(bytes)
            #expect(reading.messages.count <= sample.messages.count + 1, "seed \(seed)")
            #expect(areSound(reading.losses, size: bytes.count), "seed \(seed)")
        }
    }

    @Test func `a chunk that expands beyond the limit is an error, not damage and not an allocation`() throws
    {
        let zeros = [UInt8](repeating: 0, count: 8 << 20)
        let output = ByteOutput()
        let writer = try MCAPWriter(output, header: Header())
        try writer.add(Channel(id: 0, topic: "/a"))
        try writer.write(
            MessageHeader(channelID: 0, sequence: 1, logTime: 1, publishTime: 1),
            data: zeros.span.bytes
        )
        try writer.finish()
        let bytes = output.takeBytes()
        #expect(bytes.count < 10_000)
        let limit = MCAPError.overLimit(
            name: "memory",
            offset: 25,
            what: "chunk",
            size: UInt64(zeros.count) + 31 + 27,
            limit: 1 << 20
        )
        #expect(throws: limit) { try Reading(bytes, limits: ReaderLimits(chunk: 1 << 20)) }
        #expect(try Reading(bytes).messages.count == 1)
        // A size that the stored bytes contradict is damage.
        var flipped = bytes
        flipped[25 + 9 + 16 + 6] ^= 0x40
        let reading = try Reading(flipped, limits: ReaderLimits(chunk: 1 << 20))
        #expect(reading.messages.isEmpty && reading.losses.count == 1)
    }

    @Test func `a hostile length costs no memory`() throws {
        let sample = Self.samples[1]
        for length: UInt64 in [1 << 40, .max, 1 << 63, (1 << 28) - 1] {
            for opcode: UInt8 in 1...0x12 {
                var bytes = Array(sample.bytes[..<sample.recordEnds[2]])
                bytes.append(opcode)
                bytes += (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
                bytes += [1, 2, 3]
                let reading = try Reading(bytes)
                #expect(
                    reading.losses.reduce(0) { $0 + $1.length } == 12,
                    "opcode \(opcode) length \(length)"
                )
            }
        }
    }

    @Test func `what is not MCAP is refused with what was found`() {
        #expect(throws: MCAPError.notMCAP(name: "memory", found: Array("PAR1PAR1".utf8))) {
            try Reading(Array("PAR1PAR1".utf8))
        }
        #expect(throws: MCAPError.notMCAP(name: "memory", found: [])) { try Reading([]) }
        var bytes = Self.samples[0].bytes
        bytes[5] = 0x31
        #expect(throws: MCAPError.unsupportedVersion(name: "memory", version: 0x31)) { try Reading(bytes) }
    }

    @Test func `salvaging reads a file whose first bytes are damaged`() throws {
        let sample = Self.samples[1]
        for position in 0..<8 {
            var bytes = sample.bytes
            bytes[position] ^= 0x40
            let reading = try Reading(bytes, salvaging: true)
            #expect(reading.messages == sample.messages)
            #expect(reading.losses.map(\.length) == [8])
        }
    }

    @Test func `unknown records are skipped, in the file and in chunks`() throws {
        let sample = Self.samples[0]
        let first = sample.recordEnds[1]
        let unknown: [UInt8] = [0x90, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]
        let bytes = Array(sample.bytes[..<first]) + unknown + Array(sample.bytes[first...])
        let reading = try Reading(bytes)
        #expect(reading.messages == sample.messages)
        #expect(reading.losses.filter { $0.length > 0 } == [])
    }
}
