import MarketModel

extension FastCursor {
    /// Moves over the rest of a string and its quote, if it is plain: printable ASCII without escapes, as
    /// long as it is up to 64 bytes; false if it is not.
    ///
    /// Needs 8 bytes beyond the quote, which every known shape has.
    @inline(__always)
    mutating func skipPlain() -> Bool { plainEnd(64) != nil }

    /// Reads the rest of a plain string of up to `limit` bytes; where its bytes lie.
    @inline(__always)
    mutating func plainEnd(_ limit: Int) -> Range<Int>? {
        let start = offset
        var position = offset
        while position &- start <= limit, end &- position >= 8 {
            let word = self.word(position)
            let quote = FastCursor.quote(word)
            if quote == 8 {
                guard FastCursor.isPlain(word) else { return nil }
                position &+= 8
                continue
            }
            // Zeros move out what follows the quote; spaces in its place are plain.
            let keep = (1 &<< UInt64(truncatingIfNeeded: 8 &* quote)) &- 1 as UInt64
            guard FastCursor.isPlain((word & keep) | (0x2020_2020_2020_2020 & ~keep)) else { return nil }
            position &+= quote
            guard position &- start <= limit else { return nil }
            offset = position &+ 1
            return start..<position
        }
        return nil
    }

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
        if take("false") { return false }
        return take("true") ? true : nil
    }

    /// Reads an identifier up to its quote; nil if it is empty, too long or not plain.
    @inline(__always)
    mutating func tradeID(_ frame: RawSpan) -> TradeID? {
        guard let range = plainEnd(TradeID.maximumLength), !range.isEmpty else { return nil }
        let start = range.lowerBound
        guard end &- start >= TradeID.maximumLength else { return TradeID(frame.extracting(range)) }
        // Whole words, those bytes masked out that lie behind the quote: a copy of unknown length is a call.
        let count = range.count
        return TradeID(
            words: (
                word(start) & FastCursor.mask(count), word(start &+ 8) & FastCursor.mask(count &- 8),
                word(start &+ 16) & FastCursor.mask(count &- 16),
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

/// RFC 3339 times one after another, mostly of the same minute: the minute is remembered.
struct FastTime: Sendable {
    private var date: UInt64 = 0
    private var minute: UInt64 = 0
    private var base: Int64 = 0

    /// Reads a time up to its quote and moves over it; nil if it is not of the shape
    /// `2026-08-09T21:05:48.228568804Z` with up to nine fraction digits, or no time.
    @inline(__always)
    mutating func read(_ cursor: inout FastCursor) -> Int64? {
        guard cursor.left >= 29 else { return nil }
        let start = cursor.offset
        if cursor.word(start) != date || cursor.word(start &+ 8) != minute {
            guard learn(cursor) else { return nil }
        }
        let ten = cursor.byte(start &+ 17) &- 0x30
        let one = cursor.byte(start &+ 18) &- 0x30
        guard cursor.byte(start &+ 16) == 0x3a, ten <= 5, one <= 9 else { return nil }
        let seconds = Int64(ten) &* 10 &+ Int64(one)
        guard cursor.byte(start &+ 19) == 0x2e else {
            cursor.offset = start &+ 19
            return cursor.take(#"Z""#) ? base &+ seconds &* 1_000_000_000 : nil
        }
        let digits = cursor.word(start &+ 20) ^ FastDigits.zeros
        var count = FastDigits.first(FastDigits.strangers(digits))
        guard count > 0 else { return nil }
        var fraction = FastDigits.value(digits, count: count) &* FastDigits.power(8 &- count) &* 10
        if count == 8 {
            let ninth = cursor.byte(start &+ 28) &- 0x30
            if ninth <= 9 {
                fraction &+= UInt64(ninth)
                count = 9
            }
        }
        cursor.offset = start &+ 20 &+ count
        guard cursor.take(#"Z""#) else { return nil }
        return base &+ seconds &* 1_000_000_000 &+ Int64(bitPattern: fraction)
    }

    /// Takes a new minute: its sixteen bytes with `:00Z` behind, read by the one who knows calendars.
    @inline(never)
    private mutating func learn(_ cursor: FastCursor) -> Bool {
        // The last minute of 64 bits' range is left to the tolerant reading.
        var text: (UInt64, UInt64, UInt32) = (
            cursor.word(cursor.offset), cursor.word(cursor.offset + 8), 0x5a30_303a
        )
        let parsed = withUnsafeBytes(of: &text) { bytes in
            UnixTime.parse(rfc3339: UnsafeRawBufferPointer(rebasing: bytes[..<20]).bytes)
        }
        guard let parsed, parsed <= Int64.max - 61_000_000_000, parsed >= 0 else { return false }
        (date, minute, base) = (text.0, text.1, parsed)
        return true
    }
}
