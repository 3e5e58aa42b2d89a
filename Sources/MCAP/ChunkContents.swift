import ByteCoding

/// The expanded records of one chunk, checked as a whole before any is read.
final class ChunkContents {
    private(set) var buffer = GrowableBytes()
    /// The ``RecordHeader`` of each message, schema and channel, in their order.
    ///
    /// Collected while the checks have the records in the cache, so that readers need not chase each
    /// record's length to find the next.
    private(set) var heads = GrowableBytes()
    /// The number of records of kinds that do not belong in a chunk.
    private(set) var strangers: UInt64 = 0
    private var zstd: ZstdDecompressor?
    private var lz4: LZ4FrameDecompressor?

    /// How many heads there are.
    var headCount: Int { heads.count / MemoryLayout<RecordHeader>.stride }

    /// Why a chunk cannot be used.
    struct Problem: Error {
        let reason: String
        /// The size it expands to, if only that size is wrong with it.
        var sizeOverLimit: UInt64?
    }

    /// Expands a chunk; checks its CRC and the framing of every record.
    func load(_ header: ChunkHeader, stored: RawSpan, limits: ReaderLimits) throws(Problem) {
        clear()
        guard header.uncompressedSize <= UInt64(min(limits.chunk, Int(UInt32.max))) else {
            throw Problem(
                reason: "chunk expands to \(header.uncompressedSize) bytes, the limit is \(limits.chunk)",
                sizeOverLimit: Self.canExpand(header, stored) ? header.uncompressedSize : nil
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

    /// Whether the stored bytes can expand to the stated size; a damaged length usually cannot.
    private static func canExpand(_ header: ChunkHeader, _ stored: RawSpan) -> Bool {
        let (size, count) = (header.uncompressedSize, UInt64(stored.byteCount))
        switch header.compression {
        case "": return size == count
        case "lz4": return size / 256 <= count
        case "zstd":
            if let stated = Zstandard.contentSize(of: stored) { return stated == size }
            return size / 40_000 <= count
        default: return false
        }
    }

    private func check(_ header: ChunkHeader, _ size: Int) throws(Problem) {
        let bytes = RawSpan(_unsafeStart: buffer.unsafeBase, byteCount: buffer.count)
        guard bytes.byteCount == size else {
            throw Problem(reason: "chunk holds \(bytes.byteCount) bytes, its header says \(size)")
        }
        var crc = CRC32()
        var walk = ChunkWalk()
        // Block by block, so that the walk finds the bytes that the checksum just read in the cache.
        for start in stride(from: 0, to: size, by: Self.block) {
            let end = min(start + Self.block, size)
            if header.uncompressedCRC != 0 { crc.update(bytes.extracting(unchecked: start..<end)) }
            walk.go(to: end, in: bytes, noting: &heads)
        }
        guard crc.value == header.uncompressedCRC else {
            let (found, expected) = (Self.digits(crc.value), Self.digits(header.uncompressedCRC))
            throw Problem(reason: "chunk CRC-32 is \(found), expected \(expected)")
        }
        if let problem = walk.problem { throw problem }
        if walk.position < size { throw Problem(reason: "chunk ends inside a record's length") }
        strangers = walk.strangers
    }

    /// Small enough for the first level of the cache.
    private static let block = 16 << 10

    /// Forgets what is left.
    func clear() {
        buffer.removeAll()
        heads.removeAll()
        strangers = 0
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
