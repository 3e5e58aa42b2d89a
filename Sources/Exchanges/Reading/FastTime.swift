import MarketModel

/// RFC 3339 times one after another, mostly of the same minute: the minute is remembered.
struct FastTime: Sendable {
    /// The bytes `1970-01-` and `01T00:00` at first: a minute that no other bytes stand for.
    private var date: UInt64 = 0x2d31_302d_3037_3931
    private var minute: UInt64 = 0x3030_3a30_3054_3130
    private var base: Int64 = 0

    /// Reads a time up to its quote and moves over it; nil if it is not of the shape
    /// `2026-08-09T21:05:48.228568804Z` with up to nine fraction digits, or no time.
    @inline(__always)
    mutating func read(_ cursor: inout FastCursor) -> Int64? {
        guard cursor.left >= 28 else { return nil }
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
            return cursor.consume(#"Z""#) ? base &+ seconds &* 1_000_000_000 : nil
        }
        let digits = cursor.word(start &+ 20) ^ FastDigits.zeros
        var count = FastDigits.first(FastDigits.strangers(digits))
        guard count > 0 else { return nil }
        var fraction = FastDigits.value(digits, count: count) &* FastDigits.power(8 &- count) &* 10
        if count == 8, cursor.left > 28 {
            let ninth = cursor.byte(start &+ 28) &- 0x30
            if ninth <= 9 {
                fraction &+= UInt64(ninth)
                count = 9
            }
        }
        cursor.offset = start &+ 20 &+ count
        guard cursor.consume(#"Z""#) else { return nil }
        return base &+ seconds &* 1_000_000_000 &+ Int64(bitPattern: fraction)
    }

    /// Remembers a new minute: its sixteen bytes with `:00Z` behind, read as a whole time.
    @inline(never)
    private mutating func learn(_ cursor: FastCursor) -> Bool {
        // The last minute of 64 bits' range is left to a ``SearchingReader``.
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
