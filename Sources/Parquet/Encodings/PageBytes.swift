/// Bytes of a page, valid as long as the page is current.
///
/// At least ``slack`` bytes after the end are readable, with arbitrary content, so that decoders may load
/// whole words; they check that what they use is within ``count``.
struct PageBytes {
    static let slack = 16

    let start: UnsafeRawPointer
    let count: Int

    /// The bytes from `offset` on, which must be within them.
    func dropping(_ offset: Int) -> PageBytes {
        precondition(offset >= 0 && offset <= count, "outside the page")
        return PageBytes(start: start + offset, count: count - offset)
    }

    /// The first `length` bytes, which must exist.
    func prefix(_ length: Int) -> PageBytes {
        precondition(length >= 0 && length <= count, "outside the page")
        return PageBytes(start: start, count: length)
    }

    /// A value at an offset that the caller has checked.
    @inline(__always)
    func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
        start.loadUnaligned(fromByteOffset: offset, as: type)
    }

    /// An unsigned LEB128 integer at `position`, which advances past it.
    func varint(_ position: inout Int) throws(DecodingFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            guard position < count else { throw DecodingFault("the page ends within an integer") }
            let byte = load(position, as: UInt8.self)
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw DecodingFault("an integer of more than ten bytes")
    }

    /// A signed integer stored as zigzag.
    func zigzag(_ position: inout Int) throws(DecodingFault) -> Int64 {
        let raw = try varint(&position)
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }
}
