import MarketModel

extension FastCursor {
    /// Reads a decimal without sign and exponent, of up to eighteen digits; nil if it is another.
    ///
    /// Of a text also the quote behind it. A bare JSON number has no leading zeros, and is read up to what is no digit.
    @_transparent
    mutating func decimal(isText: Bool) -> FixedDecimal? {
        if !isText, left > 1, byte(offset) == 0x30, byte(offset &+ 1) &- 0x30 <= 9 { return nil }
        guard left >= 9 else { return lateDecimal(isText) }
        // Most numbers and their end lie in eight bytes: then a point is squeezed out and one
        // conversion does. Without branches up to the check, for lengths are a coin toss.
        let digits = word(offset) ^ FastDigits.zeros
        let marks = FastDigits.strangers(digits)
        let first = FastDigits.first(marks)
        let hasPoint = byte(offset &+ first) == 0x2e
        let second = FastDigits.first(marks & (marks &- 1))
        let last = hasPoint ? second : first
        guard last < 8, !isText || byte(offset &+ last) == 0x22 else { return longDecimal(isText) }
        let count = hasPoint ? last &- 1 : last
        let scale = hasPoint ? count &- first : 0
        guard first > 0, count > first || !hasPoint else { return nil }
        let head = (1 &<< UInt64(truncatingIfNeeded: 8 &* first)) &- 1 as UInt64
        let joined = (digits & head) | ((digits &>> 8) & ~head)
        offset &+= isText ? last &+ 1 : last
        let mantissa = FastDigits.value(joined, count: count)
        return FixedDecimal(mantissa: Int64(bitPattern: mantissa), scale: UInt8(truncatingIfNeeded: scale))
    }

    /// ``decimal(isText:)`` of up to seven digits before the point and eight behind it.
    @inline(__always)
    mutating func longDecimal(_ isText: Bool) -> FixedDecimal? {
        guard left >= 17 else { return lateDecimal(isText) }
        let digits = word(offset) ^ FastDigits.zeros
        let whole = FastDigits.first(FastDigits.strangers(digits))
        guard UInt(bitPattern: whole &- 1) < 7, byte(offset &+ whole) == 0x2e else {
            return slowDecimal(isText)
        }
        let start = offset &+ whole &+ 1
        let fractionDigits = word(start) ^ FastDigits.zeros
        let fraction = FastDigits.first(FastDigits.strangers(fractionDigits))
        guard fraction > 0, isEnd(start &+ fraction, isText) else {
            return fraction == 8 ? longerDecimal(isText, whole: whole) : slowDecimal(isText)
        }
        offset = isText ? start &+ fraction &+ 1 : start &+ fraction
        let mantissa =
            FastDigits.value(digits, count: whole) &* FastDigits.power(fraction)
            &+ FastDigits.value(fractionDigits, count: fraction)
        return FixedDecimal(
            mantissa: Int64(bitPattern: mantissa),
            scale: UInt8(truncatingIfNeeded: fraction)
        )
    }

    /// ``longDecimal(_:)`` near the end of the frame, also of a number without a point.
    @inline(never)
    private mutating func lateDecimal(_ isText: Bool) -> FixedDecimal? {
        guard end >= 8, left > 0 else { return slowDecimal(isText) }
        // What lies behind the frame is read as zeros, which are no digits.
        let digits = lateWord(offset) ^ FastDigits.zeros
        let whole = FastDigits.first(FastDigits.strangers(digits))
        guard UInt(bitPattern: whole &- 1) < 7, whole < left else { return slowDecimal(isText) }
        var stop = offset &+ whole
        var mantissa = FastDigits.value(digits, count: whole)
        var scale = 0
        if byte(stop) == 0x2e {
            let fraction = lateWord(stop &+ 1) ^ FastDigits.zeros
            scale = FastDigits.first(FastDigits.strangers(fraction))
            stop &+= scale &+ 1
            guard UInt(bitPattern: scale &- 1) < 8, stop < end else { return slowDecimal(isText) }
            mantissa =
                mantissa &* FastDigits.power(scale) &+ FastDigits.value(fraction, count: scale)
        }
        guard isEnd(stop, isText) else { return slowDecimal(isText) }
        offset = isText ? stop &+ 1 : stop
        return FixedDecimal(mantissa: Int64(bitPattern: mantissa), scale: UInt8(truncatingIfNeeded: scale))
    }

    /// ``decimal(isText:)`` of `whole` digits before the point, at most seven, and nine to fifteen behind it, as rates have.
    @inline(never)
    private mutating func longerDecimal(_ isText: Bool, whole: Int) -> FixedDecimal? {
        let start = offset &+ whole &+ 1
        guard end &- start >= 17 else { return slowDecimal(isText) }
        let rest = word(start &+ 8) ^ FastDigits.zeros
        let count = FastDigits.first(FastDigits.strangers(rest))
        // Eighteen digits always fit 64 bits.
        guard 1...7 ~= count, whole &+ count <= 10, isEnd(start &+ 8 &+ count, isText) else {
            return slowDecimal(isText)
        }
        let head =
            FastDigits.value(word(offset) ^ FastDigits.zeros, count: whole) &* FastDigits.power(8)
            &+ FastDigits.value(word(start) ^ FastDigits.zeros)
        let mantissa = head &* FastDigits.power(count) &+ FastDigits.value(rest, count: count)
        offset = start &+ 8 &+ count &+ (isText ? 1 : 0)
        return FixedDecimal(
            mantissa: Int64(bitPattern: mantissa),
            scale: UInt8(truncatingIfNeeded: 8 &+ count)
        )
    }

    /// Whether a number may end there.
    @inline(__always)
    private func isEnd(_ index: Int, _ isText: Bool) -> Bool {
        isText ? byte(index) == 0x22 : byte(index) &- 0x30 > 9
    }

    /// ``decimal(isText:)`` digit by digit.
    @inline(never)
    mutating func slowDecimal(_ isText: Bool) -> FixedDecimal? {
        var index = offset
        var mantissa: Int64 = 0
        var point = -1
        while index < end {
            let digit = byte(index) &- 0x30
            if digit <= 9 {
                // Eighteen digits always fit 64 bits.
                guard index &- offset < 18 else { return nil }
                mantissa = mantissa &* 10 &+ Int64(digit)
            } else {
                guard byte(index) == 0x2e, point < 0, index > offset else { break }
                point = index
            }
            index &+= 1
        }
        guard index < end, index > offset, point != index &- 1, isEnd(index, isText) else { return nil }
        let scale = point < 0 ? 0 : index &- point &- 1
        offset = isText ? index &+ 1 : index
        return FixedDecimal(mantissa: mantissa, scale: UInt8(truncatingIfNeeded: scale))
    }

    /// Reads a bare whole number of up to fifteen digits without sign and leading zeros; nil if it is
    /// another.
    @inline(__always)
    mutating func whole() -> Int64? {
        guard end >= 8, left > 0 else { return nil }
        let digits = lateWord(offset) ^ FastDigits.zeros
        let count = FastDigits.first(FastDigits.strangers(digits))
        guard count > 0, count == 1 || byte(offset) != 0x30 else { return nil }
        var value = FastDigits.value(digits, count: count)
        guard count == 8 else {
            offset &+= count
            return Int64(bitPattern: value)
        }
        let moreDigits = lateWord(offset &+ 8) ^ FastDigits.zeros
        let moreCount = FastDigits.first(FastDigits.strangers(moreDigits))
        guard moreCount < 8 else { return nil }
        offset &+= 8 &+ moreCount
        guard moreCount > 0 else { return Int64(bitPattern: value) }
        value = value &* FastDigits.power(moreCount) &+ FastDigits.value(moreDigits, count: moreCount)
        return Int64(bitPattern: value)
    }

    /// ``whole()`` with a minus before it, or none.
    @inline(__always)
    mutating func signedWhole() -> Int64? { consume(0x2d) ? whole().map { 0 &- $0 } : whole() }

    /// Moves over a bare whole number of up to `limit` digits without sign and leading zeros; where they lie, nil if it is
    /// another.
    @inline(__always)
    mutating func wholeDigits(_ limit: Int) -> Range<Int>? {
        let start = offset
        var position = offset
        while end &- position >= 8 {
            let count = FastDigits.first(FastDigits.strangers(word(position) ^ FastDigits.zeros))
            position &+= count
            if count < 8 { break }
        }
        // Near the end of the frame digit by digit.
        while position < end, byte(position) &- 0x30 <= 9 { position &+= 1 }
        let count = position &- start
        guard 1...limit ~= count, count == 1 || byte(start) != 0x30 else { return nil }
        offset = position
        return start..<position
    }

    /// Reads a bare time of exactly sixteen digits, microseconds since the Unix epoch, as nanoseconds.
    @inline(never)
    mutating func microseconds() -> Int64? {
        guard left >= 17, byte(offset) != 0x30 else { return nil }
        let head = word(offset) ^ FastDigits.zeros
        let tail = word(offset &+ 8) ^ FastDigits.zeros
        guard FastDigits.strangers(head) | FastDigits.strangers(tail) == 0 else { return nil }
        let next = byte(offset &+ 16)
        guard next == 0x2c || next == 0x7d else { return nil }
        let value = FastDigits.value(head) &* 100_000_000 &+ FastDigits.value(tail)
        guard value <= 9_223_372_036_854_775 else { return nil }
        offset &+= 16
        return Int64(bitPattern: value) &* 1_000
    }

    /// Reads a time of exactly thirteen digits, milliseconds since the Unix epoch, as nanoseconds; of a text also the
    /// quote behind it.
    ///
    /// Thirteen digits reach from 2001 to 2286, of which nanoseconds in 64 bits hold up to 2262.
    @inline(__always)
    mutating func milliseconds(isText: Bool = false) -> Int64? {
        guard left >= 14, byte(offset) != 0x30 else { return nil }
        let head = word(offset) ^ FastDigits.zeros
        let tail = word(offset &+ 5) ^ FastDigits.zeros
        guard FastDigits.strangers(head) | FastDigits.strangers(tail) == 0 else { return nil }
        // A fourteenth digit, a fraction or an exponent makes it another number.
        let next = byte(offset &+ 13)
        guard isText ? next == 0x22 : next == 0x2c || next == 0x7d else { return nil }
        // The last five digits: the first three of the tail are those of the head again.
        let value =
            FastDigits.value(head) &* 100_000 &+ FastDigits.value(tail & 0xffff_ffff_ff00_0000)
        guard value <= 9_223_372_036_854 else { return nil }
        offset &+= isText ? 14 : 13
        return Int64(bitPattern: value) &* 1_000_000
    }
}

extension FastCursor {
    /// Moves over a bare number in any form that JSON has; false if there is none.
    @inline(__always)
    mutating func skipNumber() -> Bool {
        _ = consume(0x2d)
        let start = offset
        guard skipDigits(), byte(start) != 0x30 || offset &- start == 1 else { return false }
        if consume(0x2e), !skipDigits() { return false }
        guard left > 0, byte(offset) | 0x20 == 0x65 else { return true }
        offset &+= 1
        if !consume(0x2b) { _ = consume(0x2d) }
        return skipDigits()
    }

    /// ``decimal(isText:)`` of a bare number, also of one with an exponent.
    @inline(__always)
    mutating func number() -> FixedDecimal? {
        let start = offset
        guard let value = decimal(isText: false) else { return nil }
        return left > 0 && byte(offset) | 0x20 == 0x65 ? number(from: start) : value
    }

    @inline(never)
    private mutating func number(from start: Int) -> FixedDecimal? {
        offset = start
        guard skipNumber() else { return nil }
        let digits = UnsafeRawBufferPointer(start: base + start, count: offset - start)
        do throws(DecimalError) {
            return try FixedDecimal(parsing: digits.bytes)
        } catch {
            return nil
        }
    }

    /// Moves over the rest of an object of plain names and bare numbers or `null`, and its brace; false if it is not one.
    @inline(never)
    mutating func skipNumbers() -> Bool {
        if consume(0x7d) { return true }
        repeat {
            guard consume(0x22), skipPlain(), consume(0x3a), consume("null") || skipNumber() else {
                return false
            }
        } while consume(0x2c)
        return consume(0x7d)
    }

    /// Moves over the rest of a list of bare numbers or `null`, and its bracket; false if it is not one.
    @inline(never)
    mutating func skipNumberList() -> Bool {
        repeat {
            guard consume("null") || skipNumber() else { return false }
        } while consume(0x2c)
        return consume(0x5d)
    }

    /// Moves over digits; false if there is none.
    @inline(__always)
    private mutating func skipDigits() -> Bool {
        let start = offset
        while left > 0, byte(offset) &- 0x30 <= 9 { offset &+= 1 }
        return offset > start
    }
}
