import MarketModel

/// A short text inside a frame, its bytes in three words with zeros behind: compared at one stroke.
struct FastName: Equatable, Sendable {
    static let longest = 24

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
    /// Asked once, when a name is remembered; equal words are equal texts ever after.
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

    /// Whether the name is a literal of 1…24 bytes, whose words fold into constants.
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

    /// Takes the bytes of a text; nil if there are none or too many.
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

extension FastCursor {
    /// Reads up to the next quote and moves over it: 1…24 bytes of any kind; nil if it is longer.
    ///
    /// Whether the bytes are plain is asked of what they are compared with.
    @inline(__always)
    mutating func name() -> FastName? {
        guard left >= 8 else { return nil }
        let first = word(offset)
        let end = FastCursor.quote(first)
        if end < 8 {
            guard end > 0 else { return nil }
            offset &+= end &+ 1
            return FastName(words: (FastCursor.head(first, end), 0, 0), count: end)
        }
        guard left >= 16 else { return nil }
        let second = word(offset &+ 8)
        let middle = FastCursor.quote(second)
        if middle < 8 {
            offset &+= middle &+ 9
            return FastName(words: (first, FastCursor.head(second, middle), 0), count: middle &+ 8)
        }
        guard left >= 24 else { return nil }
        let third = word(offset &+ 16)
        let last = FastCursor.quote(third)
        guard last < 8 else { return nil }
        offset &+= last &+ 17
        return FastName(words: (first, second, FastCursor.head(third, last)), count: last &+ 16)
    }

    /// The first `count` bytes of a word, 0…7.
    @inline(__always)
    private static func head(_ word: UInt64, _ count: Int) -> UInt64 {
        word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }

    /// The place of the first quote in a word, 8 if there is none.
    @inline(__always)
    static func quote(_ word: UInt64) -> Int {
        let other = word ^ 0x2222_2222_2222_2222
        let marks = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
        return marks.trailingZeroBitCount &>> 3
    }
}

/// Remembered names and what they mean, one a slot: a later name may push an earlier one out.
struct FastNames<Meaning: Sendable>: Sendable {
    private struct Slot: Sendable {
        var name: FastName
        var meaning: Meaning
    }

    private var slots: [Slot?] = Array(repeating: nil, count: 64)

    @inline(__always)
    subscript(name: FastName) -> Meaning? {
        guard let slot = slots[name.hash], slot.name == name else { return nil }
        return slot.meaning
    }

    mutating func remember(_ name: FastName, _ meaning: Meaning) {
        slots[name.hash] = Slot(name: name, meaning: meaning)
    }
}
