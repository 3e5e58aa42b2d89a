import ByteCoding

/// The expanded records of one chunk, checked as a whole and then handed out one by one.
final class ChunkContents {
    private(set) var buffer = ByteBuffer()
    /// Where each record begins, as 32-bit numbers, and behind them the end of the last.
    ///
    /// Whoever walks the records by it need not wait for one record's length to find the next.
    private(set) var places = ByteBuffer()
    private var zstd: ZstdDecompressor?
    private var lz4: LZ4FrameDecompressor?

    /// How many records the chunk holds.
    var recordCount: Int { max(places.count / MemoryLayout<UInt32>.size, 1) - 1 }

    /// Why a chunk cannot be used.
    struct Problem: Error {
        let reason: String
    }

    /// Expands a chunk, checks its CRC and the frame of every record.
    func load(_ header: ChunkHeader, stored: RawSpan, limits: ReaderLimits) throws(Problem) {
        clear()
        guard header.uncompressedSize <= UInt64(min(limits.chunk, Int(UInt32.max))) else {
            throw Problem(
                reason: "chunk expands to \(header.uncompressedSize) bytes, the limit is \(limits.chunk)"
            )
        }
        let size = Int(header.uncompressedSize)
        do {
            try expand(header.compression, stored, size)
            try check(header, size)
        } catch {
            clear()
            throw error
        }
    }

    private func check(_ header: ChunkHeader, _ size: Int) throws(Problem) {
        let bytes = RawSpan(_unsafeStart: buffer.unsafeBase, byteCount: buffer.count)
        guard bytes.byteCount == size else {
            throw Problem(reason: "chunk holds \(bytes.byteCount) bytes, its header says \(size)")
        }
        var crc = CRC32()
        var walk = Walk()
        // Block by block, so that the walk finds in the cache what the checksum has just read.
        for start in stride(from: 0, to: size, by: Self.block) {
            let end = min(start + Self.block, size)
            if header.uncompressedCRC != 0 { crc.update(bytes.extracting(unchecked: start..<end)) }
            walk.go(to: end, in: bytes, noting: &places)
        }
        guard crc.value == header.uncompressedCRC else {
            let (found, expected) = (Self.digits(crc.value), Self.digits(header.uncompressedCRC))
            throw Problem(reason: "chunk CRC-32 is \(found), expected \(expected)")
        }
        if let problem = walk.problem { throw problem }
        if walk.position < size { throw Problem(reason: "chunk ends inside a record's length") }
        places.append(UInt32(truncatingIfNeeded: size))
    }

    private static let block = 64 << 10

    /// Forgets what is left.
    func clear() {
        buffer.removeAll()
        places.removeAll()
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

    private static func digits(_ value: UInt32) -> String {
        Hexadecimal.text((0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) })
    }
}

/// A walk over the records of a chunk; each must end within it.
private struct Walk {
    /// Where the next record begins.
    var position = 0
    var problem: ChunkContents.Problem?

    /// Notes the records whose opcode and length lie before `end`.
    mutating func go(to end: Int, in bytes: RawSpan, noting places: inout ByteBuffer) {
        guard problem == nil else { return }
        let total = bytes.byteCount
        while end - position >= Format.prefixSize {
            let code = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            let stated = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 1, as: UInt64.self)
            let size = UInt64(littleEndian: stated)
            guard size <= UInt64(total - position - Format.prefixSize) else {
                return fail("record at byte \(position) of the chunk reaches past its end")
            }
            if code == Opcode.message.rawValue, size < UInt64(Format.messageHeaderSize) {
                return fail("message at byte \(position) of the chunk has \(size) bytes")
            }
            // A chunk over 4 GiB is refused beforehand.
            places.append(UInt32(truncatingIfNeeded: position))
            position += Format.prefixSize + Int(size)
        }
    }

    private mutating func fail(_ reason: String) { problem = ChunkContents.Problem(reason: reason) }
}
