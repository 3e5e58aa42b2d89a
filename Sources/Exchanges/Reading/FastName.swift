/// A short text inside a frame, its bytes in three words with zeros behind: compared by three words.
struct FastName: Equatable, Sendable {
    /// In bytes: a cursor reads three words, and the quote behind the name lies in the last.
    static let longest = 23

    var words: (UInt64, UInt64, UInt64)
    var count: Int

    static func == (left: FastName, right: FastName) -> Bool {
        let difference =
            (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
        return difference == 0 && left.count == right.count
    }

    @inline(__always)
    var hash: Int {
        let mixed = (words.0 ^ (words.1 &* 0x9e37_79b9_7f4a_7c15) ^ (words.2 &* 0xc2b2_ae3d_27d4_eb4f))
        return Int(truncatingIfNeeded: (mixed &* 0x9e37_79b9_7f4a_7c15) &>> 58)
    }
}

extension FastName {
    /// Whether every byte is printable ASCII and no backslash: what stands in the frame is the text itself.
    ///
    /// Asked once, when a name is remembered: equal words are equal texts.
    var isPlain: Bool {
        for index in 0..<count {
            let word = index < 8 ? words.0 : index < 16 ? words.1 : words.2
            let byte = UInt8(truncatingIfNeeded: word &>> UInt64((index & 7) * 8))
            guard 0x20...0x7e ~= byte, byte != 0x5c, byte != 0x22 else { return false }
        }
        return true
    }

    /// ``isPlain`` without a loop over bytes; DEL passes, as it does in JSON.
    @inline(__always)
    var isPlainFast: Bool {
        // Padding becomes spaces: a zero byte is only behind the name, or the name is not plain.
        let tail = count & 7
        let mask = tail == 0 ? UInt64.max : (1 &<< UInt64(truncatingIfNeeded: 8 &* tail)) &- 1
        let spaces = 0x2020_2020_2020_2020 & ~mask
        switch (count &- 1) &>> 3 {
        case 0: return FastCursor.isPlain(words.0 | spaces)
        case 1: return FastCursor.isPlain(words.0) && FastCursor.isPlain(words.1 | spaces)
        default:
            return FastCursor.isPlain(words.0) && FastCursor.isPlain(words.1)
                && FastCursor.isPlain(words.2 | spaces)
        }
    }

    /// Whether the name is a literal of at most ``longest`` bytes, whose words fold into constants.
    @inline(__always)
    func isText(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count == length else { return false }
        var difference = words.0 ^ FastName.word(of: text, 0, length)
        if length > 8 { difference |= words.1 ^ FastName.word(of: text, 8, length) }
        if length > 16 { difference |= words.2 ^ FastName.word(of: text, 16, length) }
        return difference == 0
    }

    /// Up to eight bytes of a literal, zeros behind its end.
    @inline(__always)
    private static func word(of text: StaticString, _ start: Int, _ length: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<min(start &+ 8, length) {
            word |= UInt64(text.utf8Start[index]) &<< UInt64(truncatingIfNeeded: 8 &* (index &- start))
        }
        return word
    }

    /// A name of the bytes of a text; nil if there are none or too many.
    init?(_ text: RawSpan) {
        guard 1...FastName.longest ~= text.byteCount else { return nil }
        words = (0, 0, 0)
        count = text.byteCount
        withUnsafeMutableBytes(of: &words) { target in
            text.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    /// Calls `body` with the bytes.
    func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        withUnsafeBytes(of: words) { body(UnsafeRawBufferPointer(rebasing: $0[..<count]).bytes) }
    }
}
