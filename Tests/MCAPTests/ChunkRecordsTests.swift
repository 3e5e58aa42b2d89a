import ByteCoding
import MCAP
import Testing

/// Chunks that our writer never makes, record by record.
struct ChunkRecordsTests {
    private struct Records: ~Copyable {
        var bytes = GrowableBytes()

        mutating func add(_ code: UInt8, _ content: [UInt8] = []) {
            bytes.append(code)
            bytes.append(UInt64(content.count))
            bytes.append(content)
        }

        mutating func add(channel id: UInt16) {
            var content = GrowableBytes()
            content.append(id)
            content.append(UInt16(0))
            for text in ["/topic", "json"] {
                content.append(UInt32(text.utf8.count))
                content.append(utf8: text)
            }
            content.append(UInt32(0))
            add(Opcode.channel.rawValue, Self.array(content))
        }

        mutating func add(message sequence: UInt32, channel: UInt16, data: [UInt8]) {
            var content = GrowableBytes()
            content.append(channel)
            content.append(sequence)
            content.append(UInt64(sequence) * 10)
            content.append(UInt64(sequence) * 10 + 1)
            content.append(data)
            add(Opcode.message.rawValue, Self.array(content))
        }

        static func array(_ buffer: borrowing GrowableBytes) -> [UInt8] {
            buffer.bytes.withUnsafeBytes { Array($0) }
        }
    }

    /// A file of one chunk, stored as it is.
    private func file(of records: borrowing Records) -> [UInt8] {
        let magic: [UInt8] = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]
        var chunk = GrowableBytes()
        for number in [0, UInt64.max, UInt64(records.bytes.count)] { chunk.append(number) }
        chunk.append(CRC32.checksum(records.bytes.bytes))
        chunk.append(UInt32(0))
        chunk.append(UInt64(records.bytes.count))
        chunk.append(records.bytes.bytes)
        var file = Records()
        file.bytes.append(magic)
        file.add(Opcode.header.rawValue, [UInt8](repeating: 0, count: 8))
        file.add(Opcode.chunk.rawValue, Records.array(chunk))
        file.add(Opcode.dataEnd.rawValue, [0, 0, 0, 0])
        file.add(Opcode.footer.rawValue, [UInt8](repeating: 0, count: 20))
        file.bytes.append(magic)
        return Records.array(file.bytes)
    }

    @Test func `messages are told apart from all else that a chunk may hold`() throws {
        var records = Records()
        records.add(message: 1, channel: 7, data: [1])
        records.add(Opcode.channel.rawValue, [7, 0])
        records.add(Opcode.schema.rawValue)
        records.add(0)
        records.add(0x80, [1, 2, 3])
        records.add(Opcode.chunk.rawValue, [UInt8](repeating: 0, count: 40))
        records.add(channel: 7)
        records.add(message: 2, channel: 7, data: [])
        records.add(message: 3, channel: 8, data: [3, 3])
        records.add(message: 4, channel: 7, data: [4, 4, 4])
        let bytes = file(of: records)
        let reader = try StreamReader(try ByteInput(bytes: bytes.span.bytes))
        var read: [TestMessage] = []
        while try reader.next() != nil {
            read.append(TestMessage(header: reader.message, data: reader.data.withUnsafeBytes { Array($0) }))
        }
        let expected = [(UInt32(2), []), (4, [4, 4, 4] as [UInt8])].map { sequence, data in
            let time = UInt64(sequence) * 10
            let header = MessageHeader(channelID: 7, sequence: sequence, logTime: time, publishTime: time + 1)
            return TestMessage(header: header, data: data)
        }
        #expect(read == expected)
        #expect(reader.unknownRecords == 3)
        #expect(reader.losses.map(\.messages) == [2])
        #expect(reader.losses.first?.startTime == 10)
        #expect(reader.losses.first?.endTime == 30)
        #expect(reader.counts.messageCount == 2)
        #expect((reader.counts.startTime, reader.counts.endTime) == (20, 40))
        #expect(reader.isComplete)
    }

    @Test(arguments: [0, 1, 13, 14, 22, 16_374, 70_000])
    func `messages are found behind records of any length`(size: Int) throws {
        var records = Records()
        records.add(channel: 1)
        let count = max(3, 100_000 / (size + 9))
        for number in 0..<count {
            records.add(0x80, [UInt8](repeating: 5, count: size))
            if number % 1_000 == 2 {
                records.add(message: UInt32(number), channel: 1, data: .init(repeating: 6, count: size))
            }
        }
        let reading = try Reading(file(of: records))
        #expect(reading.losses.isEmpty)
        let sequences = reading.messages.map(\.header.sequence)
        #expect(sequences == Array(stride(from: 2, to: UInt32(count), by: 1_000)))
        #expect(reading.messages.allSatisfy { $0.data == [UInt8](repeating: 6, count: size) })
    }

    @Test(arguments: [Opcode.message, .schema, .channel])
    func `the shortest records fill a chunk`(kind: Opcode) throws {
        var records = Records()
        records.add(channel: 1)
        for number in 0..<20_000 {
            switch kind {
            case .message: records.add(message: UInt32(number), channel: 1, data: [])
            default: records.add(kind.rawValue, [UInt8](repeating: 0, count: kind == .schema ? 14 : 16))
            }
        }
        records.add(message: 20_000, channel: 1, data: [1])
        let reading = try Reading(file(of: records))
        #expect(reading.losses.isEmpty)
        #expect(reading.messages.last?.header.sequence == 20_000)
        #expect(reading.messages.count == (kind == .message ? 20_001 : 1))
    }
}
