import MarketModel

extension FastCursor {
    /// Moves over the elements behind the one at hand that are levels whose prices have the same digits, and appends
    /// them.
    ///
    /// The prices of a list mostly have as many digits before and behind the point: then where a price ends is known
    /// before it is read, and all of it is checked at once. What is not alike is left to be read by itself.
    @inline(never)
    mutating func appendLevels(
        like level: PriceLevel,
        at start: Int,
        _ end: LevelForm,
        to levels: inout OutputSpan<PriceLevel>
    ) {
        guard let form = PriceForm(level.price, first: self.end &- start >= 10 ? word(start &+ 2) : 0) else {
            return
        }
        // With so many digits behind the point a size does not lie in eight bytes.
        let hasLongSizes = level.size.scale >= 6
        // `,["` price `","` and eight bytes of the size
        while left >= form.length &+ 11 {
            let close = offset &+ form.length
            let tail = word(close &- 8) ^ FastDigits.zeros
            var strangers: UInt64
            var price: UInt64
            if form.joinedMask != 0 {
                // All of it lies in eight bytes: what is before the point moves over it.
                let digits = tail & form.fractionMask | (tail &<< 8) & form.joinedMask
                strangers = FastDigits.strangers(digits)
                price = FastDigits.value(digits)
            } else {
                let whole = (word(offset &+ 3) ^ FastDigits.zeros) &<< form.wholeShift
                let fraction = tail & form.fractionMask
                strangers = FastDigits.strangers(whole) | FastDigits.strangers(fraction)
                price = FastDigits.value(whole) &* form.factor &+ FastDigits.value(fraction)
            }
            strangers |=
                (word(offset) ^ 0x22_5b2c) & 0xff_ffff | (word(close) ^ 0x22_2c22) & 0xff_ffff
                | UInt64(byte(offset &+ form.point) ^ 0x2e)
            guard strangers == 0, price > 0 else { return }
            let before = offset
            offset = close &+ 3
            guard let size = hasLongSizes ? longDecimal(true) : decimal(isText: true), endLevel(end) else {
                offset = before
                return
            }
            let digits = form.scale | UInt32(size.scale) &<< 8
            levels.append(PriceLevel(price: Int64(bitPattern: price), size: size.mantissa, digits: digits))
        }
    }
}

extension FastCursor {
    /// Moves over what follows the size of a level, its bracket included; false if that is something else.
    @inline(__always)
    mutating func endLevel(_ form: LevelForm) -> Bool {
        if form == .pair { return consume(0x5d) }
        // `,"0","` and up to seven digits with their quote
        if left >= 15, (word(offset) ^ 0x22_2c22_3022_2c) & 0xffff_ffff_ffff == 0 {
            let digits = FastDigits.first(FastDigits.strangers(word(offset &+ 6) ^ FastDigits.zeros))
            let quote = offset &+ 6 &+ digits
            if digits < 8, byte(quote) == 0x22, byte(quote &+ 1) == 0x5d {
                offset = quote &+ 2
                return true
            }
        }
        return endLongLevel()
    }

    @inline(never)
    private mutating func endLongLevel() -> Bool {
        consume(#",""#) && skipPlain() && consume(#",""#) && skipPlain() && consume(0x5d)
    }
}

/// How many digits the prices of a list have, as places from the comma before a level on.
private struct PriceForm {
    let point: Int
    /// The place of the quote behind the price.
    let length: Int
    /// The digits behind the point.
    let scale: UInt32
    /// Moves the digits before the point so that zeros stand before them.
    let wholeShift: UInt64
    /// Keeps, of the eight bytes before the quote, those behind the point.
    let fractionMask: UInt64
    /// Keeps those before it, moved over the point; 0 if they do not all lie there.
    let joinedMask: UInt64
    /// 10 to the power of ``scale``.
    let factor: UInt64

    /// The form of a price that begins with the bytes `first`; nil if its numbers are longer than a step reads.
    init?(_ price: FixedDecimal, first: UInt64) {
        let whole = FastDigits.first(FastDigits.strangers(first ^ FastDigits.zeros))
        guard 1...8 ~= price.scale, 1...7 ~= whole else { return nil }
        scale = UInt32(price.scale)
        point = 3 + whole
        length = point + 1 + Int(scale)
        wholeShift = UInt64(64 - 8 * whole)
        fractionMask = .max << UInt64(64 - 8 * Int(scale))
        let digits = whole + Int(scale)
        joinedMask = digits > 7 ? 0 : (.max << UInt64(64 - 8 * digits)) & ~fractionMask
        factor = FastDigits.power(Int(scale))
    }
}
