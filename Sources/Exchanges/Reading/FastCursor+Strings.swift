import MarketModel

extension FastCursor {
    /// Moves over the rest of a string and its quote, if it is plain: printable ASCII without escapes, as
    /// long as it is up to 80 bytes, which hashes in hexadecimal come near; false if it is not.
    @inline(__always)
    mutating func skipPlain() -> Bool { plainEnd(80) != nil }

    /// Moves over the rest of a list of plain strings, mostly so many bytes long, and its bracket; false if it is not one.
    @inline(__always)
    mutating func skipTexts(likely count: Int) -> Bool {
        if consume(0x5d) { return true }
        repeat {
            guard consume(0x22), skipPlain(likely: count) else { return false }
        } while consume(0x2c)
        return consume(0x5d)
    }

    /// Moves over the rest of an object of plain strings, and its brace; false if it is not one.
    mutating func skipNamedTexts() -> Bool {
        if consume(0x7d) { return true }
        repeat {
            guard consume(0x22), skipPlain(), consume(#":""#), skipPlain() else { return false }
        } while consume(0x2c)
        return consume(0x7d)
    }

    /// Reads the rest of a plain string of up to `limit` bytes; where its bytes lie.
    @inline(__always)
    mutating func plainEnd(_ limit: Int) -> Range<Int>? {
        let start = offset
        var position = offset
        while position &- start <= limit, end &- position > 0 {
            let word = end &- position >= 8 ? self.word(position) : lastWord(from: position)
            let marks = FastCursor.strangers(word)
            guard marks != 0 else {
                position &+= 8
                continue
            }
            position &+= marks.trailingZeroBitCount &>> 3
            // The first that is none of a plain string must be its quote.
            guard position < end, byte(position) == 0x22, position &- start <= limit else { return nil }
            offset = position &+ 1
            return start..<position
        }
        return nil
    }

    /// Moves over the rest of a string that mostly is plain and so many bytes long, and its quote; false if it is not
    /// plain.
    @inline(__always)
    mutating func skipPlain(likely count: Int) -> Bool {
        guard count >= 8, left > count, byte(offset &+ count) == 0x22 else { return skipPlain() }
        var marks = FastCursor.strangers(word(offset &+ count &- 8))
        for index in 0..<(count &>> 3) { marks |= FastCursor.strangers(word(offset &+ index &* 8)) }
        guard marks == 0 else { return skipPlain() }
        offset &+= count &+ 1
        return true
    }

    /// A set high bit for each byte that is none of a plain string: a quote, a backslash, a control, one beyond ASCII.
    ///
    /// Exact up to and including the first such byte: borrows reach later ones alone.
    @inline(__always)
    private static func strangers(_ word: UInt64) -> UInt64 {
        let (quotes, slashes) = (word ^ 0x2222_2222_2222_2222, word ^ 0x5c5c_5c5c_5c5c_5c5c)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let marks =
            (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
            | (word &- 0x2020_2020_2020_2020) & ~word | word
        return marks & 0x8080_8080_8080_8080
    }

    /// The last bytes of the frame from an index on, zeros behind them; zeros alone if the frame is shorter than a word.
    @inline(never)
    func lastWord(from index: Int) -> UInt64 { end >= 8 ? lateWord(index) : 0 }

    /// Whether all eight bytes are printable ASCII (or DEL) and none is a backslash.
    @inline(__always)
    static func isPlain(_ word: UInt64) -> Bool {
        let other = word ^ 0x5c5c_5c5c_5c5c_5c5c
        let backslashes = (other &- 0x0101_0101_0101_0101) & ~other
        let controls = (word &- 0x2020_2020_2020_2020) & ~word
        return (backslashes | controls | word) & 0x8080_8080_8080_8080 == 0
    }

    /// Moves over `true` or `false`; nil if there is neither.
    @inline(__always)
    mutating func bool() -> Bool? {
        if consume("false") { return false }
        return consume("true") ? true : nil
    }

    /// Reads an identifier up to its quote; nil if it is empty, too long or not plain.
    @inline(__always)
    mutating func tradeID(_ frame: RawSpan) -> TradeID? {
        guard let range = plainEnd(TradeID.maximumLength), !range.isEmpty else { return nil }
        return tradeID(frame, range)
    }

    /// The identifier that lies there, of at most as many bytes as one may have.
    @inline(__always)
    func tradeID(_ frame: RawSpan, _ range: Range<Int>) -> TradeID? {
        let start = range.lowerBound
        guard end &- start >= TradeID.maximumLength else { return TradeID(frame.extracting(range)) }
        // Whole words, those bytes masked out that lie behind it: a copy of unknown length is a call.
        let count = range.count
        let head = (word(start) & FastCursor.mask(count), word(start &+ 8) & FastCursor.mask(count &- 8))
        // Most venues count their trades: such numbers end within the first words.
        guard count > 16 else { return TradeID(words: (head.0, head.1, 0, 0, 0), length: count) }
        return TradeID(
            words: (
                head.0, head.1, word(start &+ 16) & FastCursor.mask(count &- 16),
                word(start &+ 24) & FastCursor.mask(count &- 24),
                word(start &+ 32) & FastCursor.mask(count &- 32)
            ),
            length: count
        )
    }

    /// A word whose first `count` bytes are all ones: none if there are less than one, all from eight on.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        if count >= 8 { return .max }
        return count <= 0 ? 0 : (1 &<< UInt64(truncatingIfNeeded: 8 &* count)) &- 1
    }
}
