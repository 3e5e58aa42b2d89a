import ByteCoding

/// A walk over the records of a chunk; each must end within it.
struct ChunkWalk {
    /// Where the next record begins.
    private(set) var position = 0
    /// The number of records of kinds that do not belong in a chunk.
    private(set) var strangers: UInt64 = 0
    private(set) var problem: ChunkContents.Problem?

    /// The smallest size of a record with a header, opcode and length included.
    private static let leastNoted = Format.prefixSize + 14

    /// Collects the headers of messages, schemas and channels whose opcode and length are before `end`.
    mutating func go(to end: Int, in bytes: RawSpan, noting heads: inout GrowableBytes) {
        guard problem == nil, position < end else { return }
        let stride = MemoryLayout<RecordHeader>.stride
        // Room for the most there can be: each begins before `end`, at least `leastNoted` bytes after the
        // one before. Headers take at most 32/23 of the records' size, times 1.5 for the buffer's growth.
        let most = (end - position) / Self.leastNoted + 1
        heads.append(upTo: most * stride) { room in
            var used = 0
            while end - position >= Format.prefixSize {
                let code = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
                let stated = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 1, as: UInt64.self)
                let start = position + Format.prefixSize
                guard UInt64(littleEndian: stated) <= UInt64(bytes.byteCount - start) else {
                    fail("record at byte \(position) of the chunk reaches past its end")
                    break
                }
                let size = Int(UInt64(littleEndian: stated))
                if code == Opcode.message.rawValue {
                    guard size >= Format.messageHeaderSize else {
                        fail("message at byte \(position) of the chunk has \(size) bytes")
                        break
                    }
                    let head = RecordHeader(messageAt: start, size: size, in: bytes)
                    room.storeBytes(of: head, toByteOffset: used, as: RecordHeader.self)
                    used += stride
                } else if isDefinition(code, size) {
                    let head = RecordHeader(definitionAt: start)
                    room.storeBytes(of: head, toByteOffset: used, as: RecordHeader.self)
                    used += stride
                }
                position = start + size
            }
            return used
        }
    }

    /// Whether a record can be a schema or channel; counts those that are neither.
    private mutating func isDefinition(_ code: UInt8, _ size: Int) -> Bool {
        guard code == Opcode.schema.rawValue || code == Opcode.channel.rawValue else {
            strangers += 1
            return false
        }
        return size >= Self.leastNoted - Format.prefixSize
    }

    private mutating func fail(_ reason: String) { problem = ChunkContents.Problem(reason: reason) }
}
