/// Reads little-endian values in sequence from borrowed bytes; every read is checked.
@frozen
public struct ByteReader: ~Escapable {
    /// The bytes being read.
    public let bytes: RawSpan
    /// Offset of the next byte.
    @usableFromInline
    var next: Int

    /// Starts at the first byte.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
        next = 0
    }

    /// Offset of the next byte from the start.
    @inlinable
    public var position: Int { next }

    /// How many bytes are left.
    @inlinable
    public var remaining: Int { bytes.byteCount - next }

    /// Reads an integer in little-endian order.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(ByteCodingError) -> Value {
        let size = MemoryLayout<Value>.size
        try require(size)
        // Safe: `require` checked the bounds.
        let value = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: next, as: Value.self)
        next += size
        return Value(littleEndian: value)
    }

    /// Reads `count` bytes as a borrowed span.
    @inlinable
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func readBytes(_ count: Int) throws(ByteCodingError) -> RawSpan {
        try require(count)
        let span = bytes.extracting(unchecked: next..<next + count)
        next += count
        return span
    }

    /// Passes over `count` bytes.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func skip(_ count: Int) throws(ByteCodingError) {
        try require(count)
        next += count
    }

    /// Fails unless `count` bytes are left.
    @inlinable
    public func require(_ count: Int) throws(ByteCodingError) {
        guard count >= 0, count <= bytes.byteCount - next else {
            throw .truncated(offset: next, needed: count, available: bytes.byteCount - next)
        }
    }
}

extension ByteReader {
    /// Reads an unsigned LEB128 integer.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func readVarint() throws(ByteCodingError) -> UInt64 {
        let start = next
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try read(UInt8.self)
            // The tenth byte holds the last bit of 64.
            if shift == 63, byte > 1 { throw .varintTooLong(offset: start) }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Reads a signed integer stored as zigzag in an unsigned LEB128.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func readZigzag() throws(ByteCodingError) -> Int64 {
        let raw = try readVarint()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }
}

extension GrowableBytes {
    /// Appends an unsigned LEB128 integer.
    @inlinable
    public mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a signed integer as zigzag in an unsigned LEB128.
    @inlinable
    public mutating func append(zigzag value: Int64) {
        append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }
}
