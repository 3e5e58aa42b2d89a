import ByteCoding

/// The expanded records of one chunk, checked as a whole and then handed out one by one.
final class ChunkContents {
    private(set) var buffer = ByteBuffer()
    /// How many messages the chunk holds.
    private(set) var messageCount = 0
    /// Offset of the next record.
    var position = 0
    private var zstd: ZstdDecompressor?
    private var lz4: LZ4FrameDecompressor?

    /// Why a chunk cannot be used.
    struct Problem: Error {
        let reason: String
    }

    /// Expands a chunk, checks its CRC and the frame of every record.
    func load(_ header: ChunkHeader, stored: RawSpan, limits: ReaderLimits) throws(Problem) {
        buffer.removeAll()
        (position, messageCount) = (0, 0)
        guard header.uncompressedSize <= UInt64(limits.chunk) else {
            throw Problem(
                reason: "chunk expands to \(header.uncompressedSize) bytes, the limit is \(limits.chunk)"
            )
        }
        let size = Int(header.uncompressedSize)
        do {
            try expand(header.compression, stored, size)
        } catch {
            buffer.removeAll()
            throw error
        }
        try check(header, size)
    }

    private func check(_ header: ChunkHeader, _ size: Int) throws(Problem) {
        defer { if messageCount < 0 { buffer.removeAll() } }
        let bytes = RawSpan(_unsafeStart: buffer.unsafeBase, byteCount: buffer.count)
        messageCount = -1
        guard bytes.byteCount == size else {
            throw Problem(reason: "chunk holds \(bytes.byteCount) bytes, its header says \(size)")
        }
        let crc = header.uncompressedCRC == 0 ? 0 : CRC32.checksum(bytes)
        guard crc == header.uncompressedCRC else {
            let (found, expected) = (Self.digits(crc), Self.digits(header.uncompressedCRC))
            throw Problem(reason: "chunk CRC-32 is \(found), expected \(expected)")
        }
        messageCount = try Self.countMessages(bytes)
    }

    /// Forgets what is left.
    func clear() {
        buffer.removeAll()
        (position, messageCount) = (0, 0)
    }

    private func expand(_ compression: String, _ stored: RawSpan, _ size: Int) throws(Problem) {
        do {
            switch compression {
            case "":
                guard stored.byteCount == size else {
                    throw Problem(reason: "chunk stores \(stored.byteCount) bytes, its header says \(size)")
                }
                buffer.append(stored)
            case "zstd":
                if zstd == nil { zstd = try ZstdDecompressor() }
                try zstd?.decompress(stored, appendingTo: &buffer, maximumSize: size)
            case "lz4":
                if lz4 == nil { lz4 = try LZ4FrameDecompressor() }
                try lz4?.decompress(stored, appendingTo: &buffer, maximumSize: size)
            default:
                throw Problem(reason: "chunk compression \(String(reflecting: compression)) is not known")
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(reason: "chunk: \(error)")
        }
    }

    /// Walks the records; fails unless each ends within the chunk.
    private static func countMessages(_ bytes: RawSpan) throws(Problem) -> Int {
        var count = 0
        var position = 0
        let end = bytes.byteCount
        while position < end {
            guard end - position >= Format.prefixSize else {
                throw Problem(reason: "chunk ends inside a record's length")
            }
            let code = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            let size = UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: position + 1,
                    as: UInt64.self
                )
            )
            guard size <= UInt64(end - position - Format.prefixSize) else {
                throw Problem(reason: "record at byte \(position) of the chunk reaches past its end")
            }
            if code == Opcode.message.rawValue {
                guard size >= UInt64(Format.messageHeaderSize) else {
                    throw Problem(reason: "message at byte \(position) of the chunk has \(size) bytes")
                }
                count += 1
            }
            position += Format.prefixSize + Int(size)
        }
        return count
    }

    private static func digits(_ value: UInt32) -> String {
        Hexadecimal.text((0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) })
    }
}
