/// Strings of a valid JSON text, unescaped where they must be.
enum JSONString {
    /// The longest string unescaped; nothing read here is longer.
    static let longestUnescaped = 512

    static func hasEscapes(_ value: JSONValue, in text: RawSpan) -> Bool {
        guard JSONValue.byte(text, value.start) == 0x22, let mark = nextMark(text, value.start + 1)
        else { return false }
        return JSONValue.byte(text, mark) == 0x5c
    }

    /// The first quote or backslash from an offset on; nil if there is none.
    @inline(__always)
    static func nextMark(_ text: RawSpan, _ start: Int) -> Int? {
        first(text, start) { equal($0, 0x22) | equal($0, 0x5c) }
    }

    /// The first quote, bracket or brace from an offset on, or a byte that is like one of them; nil if there is none.
    @inline(__always)
    static func nextBracketOrQuote(_ text: RawSpan, _ start: Int) -> Int? {
        // Brackets and braces differ in bits that the mask sets.
        first(text, start) { equal($0, 0x22) | equal($0 | 0x2626_2626_2626_2626, 0x7f) }
    }

    /// The first byte that `marks` marks in a word of eight, from an offset on.
    @inline(__always)
    private static func first(_ text: RawSpan, _ start: Int, _ marks: (UInt64) -> UInt64) -> Int? {
        var offset = start
        while offset <= text.byteCount - 8 {
            let found = marks(text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            if found != 0 { return offset &+ found.trailingZeroBitCount &>> 3 }
            offset &+= 8
        }
        while offset < text.byteCount {
            if marks(UInt64(JSONValue.byte(text, offset))) != 0 { return offset }
            offset &+= 1
        }
        return nil
    }

    /// The high bit of each byte of a word that is `byte`, exact up to the first of them.
    @inline(__always)
    private static func equal(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let difference = word ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    /// Calls `body` with the content; nil if the value is not a string, holds a lone surrogate or is an
    /// escaped one beyond ``longestUnescaped``.
    ///
    /// No allocation.
    static func withBytes<Result>(
        of value: JSONValue,
        in text: RawSpan,
        _ body: (RawSpan) -> Result
    ) -> Result? {
        guard JSONValue.byte(text, value.start) == 0x22 else { return nil }
        guard hasEscapes(value, in: text) else {
            return body(text.extracting((value.start + 1)..<(value.end - 1)))
        }
        guard value.end - value.start <= longestUnescaped else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: longestUnescaped, alignment: 1) { buffer in
            guard let count = unescape(value, in: text, into: buffer) else { return nil }
            return body(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
        }
    }

    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x41 + 10
        case 0x61...0x66: UInt32(byte) - 0x61 + 10
        default: nil
        }
    }

    /// An unescaped string is never longer than its text, so the buffer cannot overflow.
    private static func unescape(
        _ value: JSONValue,
        in text: RawSpan,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var (offset, count) = (value.start + 1, 0)
        while offset < value.end - 1 {
            let byte = JSONValue.byte(text, offset)
            if byte != 0x5c {
                buffer[count] = byte
                count += 1
                offset += 1
                continue
            }
            guard let scalar = escaped(text, &offset) else { return nil }
            for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                buffer[count] = unit
                count += 1
            }
        }
        return count
    }

    private static func escaped(_ text: RawSpan, _ offset: inout Int) -> Unicode.Scalar? {
        let byte = JSONValue.byte(text, offset + 1)
        guard byte == 0x75 else {
            offset += 2
            switch byte {
            case 0x62: return "\u{8}"
            case 0x66: return "\u{c}"
            case 0x6e: return "\n"
            case 0x72: return "\r"
            case 0x74: return "\t"
            default: return Unicode.Scalar(byte)
            }
        }
        let high = codeUnit(text, offset + 2)
        offset += 6
        guard high & 0xfc00 == 0xd800 else { return Unicode.Scalar(high) }
        guard JSONValue.byte(text, offset) == 0x5c, JSONValue.byte(text, offset + 1) == 0x75 else {
            return nil
        }
        let low = codeUnit(text, offset + 2)
        guard low & 0xfc00 == 0xdc00 else { return nil }
        offset += 6
        return Unicode.Scalar(0x10000 + (high & 0x3ff) << 10 + (low & 0x3ff))
    }

    private static func codeUnit(_ text: RawSpan, _ start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in start..<(start + 4) {
            unit = unit << 4 | (hexDigit(JSONValue.byte(text, offset)) ?? 0)
        }
        return unit
    }
}
