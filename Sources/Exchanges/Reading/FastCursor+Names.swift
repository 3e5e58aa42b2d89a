extension FastCursor {
    /// Reads up to the next quote and moves over it: bytes of any kind; nil if there are none, or more than
    /// ``FastName/longest``.
    ///
    /// Whether the bytes are plain is asked of what they are compared with.
    @inline(__always)
    mutating func name() -> FastName? {
        // What lies behind the frame is read as zeros, which are no quotes.
        guard left > 0 else { return nil }
        let first = left >= 8 ? word(offset) : lastWord(from: offset)
        let end = FastCursor.quote(first)
        if end < 8 {
            guard end > 0 else { return nil }
            offset &+= end &+ 1
            return FastName(words: (FastCursor.head(first, end), 0, 0), count: end)
        }
        let second = left >= 16 ? word(offset &+ 8) : lastWord(from: offset &+ 8)
        let middle = FastCursor.quote(second)
        if middle < 8 {
            offset &+= middle &+ 9
            return FastName(words: (first, FastCursor.head(second, middle), 0), count: middle &+ 8)
        }
        let third = left >= 24 ? word(offset &+ 16) : lastWord(from: offset &+ 16)
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

    /// The index of the first quote in a word, 8 if there is none.
    @inline(__always)
    static func quote(_ word: UInt64) -> Int {
        let other = word ^ 0x2222_2222_2222_2222
        let marks = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
        return marks.trailingZeroBitCount &>> 3
    }
}
