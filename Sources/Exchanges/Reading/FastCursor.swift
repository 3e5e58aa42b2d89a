/// Walks a frame of a known shape, eight bytes at a time; whatever is not as expected makes it fail.
///
/// A failure means only that the shape is another one, and that the frame is left to a ``SearchingReader``. Success
/// means that the bytes passed over are valid, with the same result.
///
/// Safe: every load is preceded by a check that its bytes lie in the frame.
struct FastCursor {
    let base: UnsafeRawPointer
    private(set) var end: Int
    var offset: Int

    @inline(__always)
    init(_ frame: UnsafeRawBufferPointer, at offset: Int = 0) {
        // An empty buffer may have no address; nothing is ever read of it.
        base = frame.baseAddress ?? UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
        end = frame.count
        self.offset = offset
    }

    /// How many bytes are left.
    @inline(__always)
    var left: Int { end &- offset }

    /// Makes all further reading fail.
    @inline(__always)
    mutating func fail() { end = -1 }

    @inline(__always)
    func byte(_ index: Int) -> UInt8 { base.load(fromByteOffset: index, as: UInt8.self) }

    @inline(__always)
    func word(_ index: Int) -> UInt64 { base.loadUnaligned(fromByteOffset: index, as: UInt64.self) }

    /// ``word(_:)`` of a frame of eight bytes or more whose end may lie within it: zeros stand for what is behind.
    @inline(__always)
    func lateWord(_ index: Int) -> UInt64 {
        let missing = index &+ 8 &- end
        if missing <= 0 { return word(index) }
        return missing >= 8 ? 0 : word(end &- 8) &>> UInt64(truncatingIfNeeded: 8 &* missing)
    }

    /// Whether the next byte is `byte`; moves over it if so.
    @inline(__always)
    mutating func consume(_ byte: UInt8) -> Bool {
        guard offset < end, self.byte(offset) == byte else { return false }
        offset &+= 1
        return true
    }

    /// Whether the next bytes are `text`; moves over them if so.
    ///
    /// The text is a literal: its words fold into constants.
    @inline(__always)
    mutating func consume(_ text: StaticString) -> Bool {
        guard isNext(text) else { return false }
        offset &+= text.utf8CodeUnitCount
        return true
    }

    /// Whether the next bytes are `text`.
    @inline(__always)
    func isNext(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        return left >= count && isNext(text, count)
    }

    @inline(__always)
    private func isNext(_ text: StaticString, _ count: Int) -> Bool {
        let expected = UnsafeRawPointer(text.utf8Start)
        let found = base + offset
        if count >= 8 {
            var index = 0
            var difference: UInt64 = 0
            while index &+ 8 <= count {
                difference |= load(found, index) ^ load(expected, index)
                index &+= 8
            }
            // The rest is compared as the last eight bytes, which overlap those before.
            return difference | (load(found, count &- 8) ^ load(expected, count &- 8)) == 0
        }
        if count >= 4 {
            let head = load4(found, 0) ^ load4(expected, 0)
            return head | (load4(found, count &- 4) ^ load4(expected, count &- 4)) == 0
        }
        for index in 0..<count
        where found.load(fromByteOffset: index, as: UInt8.self)
            != expected.load(fromByteOffset: index, as: UInt8.self)
        {
            return false
        }
        return true
    }

    @inline(__always)
    private func load(_ pointer: UnsafeRawPointer, _ index: Int) -> UInt64 {
        pointer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    }

    @inline(__always)
    private func load4(_ pointer: UnsafeRawPointer, _ index: Int) -> UInt32 {
        pointer.loadUnaligned(fromByteOffset: index, as: UInt32.self)
    }
}
