extension FixedDecimal {
    /// Parses ASCII text: an optional minus, digits, an optional fraction, an optional exponent.
    ///
    /// For example `0.00100000`, `-12`, `1e-7`. Leading zeros are accepted.
    ///
    /// The scale is the number of fraction digits on the wire less the exponent; a negative one
    /// moves into the mantissa. Cost: one pass, no allocation.
    @inlinable
    public init(parsing text: RawSpan) throws(DecimalError) {
        var offset = 0
        let count = text.byteCount
        var negative = false
        if count > 0, text.unsafeLoad(fromByteOffset: 0, as: UInt8.self) == 0x2d {
            negative = true
            offset = 1
        }
        var magnitude: UInt64 = 0
        var digits = 0
        var fraction = -1
        while offset != count {
            // Safe: offset < byteCount.
            let byte = text.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            let digit = byte &- 0x30
            let digitsSeen = offset != (negative ? 1 : 0)
            if digit <= 9 {
                // 18 digits cannot overflow; beyond that each step is checked.
                let fits = digits <= 17
                if fits {
                    magnitude = magnitude &* 10 &+ UInt64(digit)
                } else {
                    let (tens, over) = magnitude.multipliedReportingOverflow(by: 10)
                    let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
                    if over || carry || sum > UInt64(Int64.max) { throw .overflow }
                    magnitude = sum
                }
                digits = magnitude == 0 ? 0 : digits &+ 1
                if fraction >= 0 { fraction &+= 1 }
            } else if byte == 0x2e, fraction == -1, digitsSeen {
                fraction = 0
            } else {
                break
            }
            offset &+= 1
        }
        let noDigits = offset == (negative ? 1 : 0)
        if noDigits || fraction == 0 { throw .malformed(offset: offset) }
        let scale = fraction < 0 ? 0 : fraction
        let mantissa = negative ? -Int64(magnitude) : Int64(magnitude)
        if offset == count {
            if scale > Int(FixedDecimal.maximumScale) { throw .overflow }
            self.init(mantissa: mantissa, scale: UInt8(truncatingIfNeeded: scale))
        } else {
            try self.init(mantissa: mantissa, scale: scale, exponentOf: text, at: offset)
        }
    }

    @usableFromInline
    init(mantissa: Int64, scale: Int, exponentOf text: RawSpan, at start: Int) throws(DecimalError) {
        var offset = start
        let count = text.byteCount
        func byte(_ at: Int) -> UInt8 { at < count ? text.unsafeLoad(fromByteOffset: at, as: UInt8.self) : 0 }
        guard byte(offset) | 0x20 == 0x65 else { throw .malformed(offset: offset) }
        offset += 1
        let negative = byte(offset) == 0x2d
        if negative || byte(offset) == 0x2b { offset += 1 }
        guard offset < count else { throw .malformed(offset: offset) }
        var exponent = 0
        while offset < count {
            let digit = byte(offset) &- 0x30
            guard digit <= 9 else { throw .malformed(offset: offset) }
            // Beyond 999 the outcome is the same; a longer run of digits must not wrap.
            exponent = min(exponent * 10 + Int(digit), 1000)
            offset += 1
        }
        try self.init(mantissa: mantissa, shiftedScale: scale + (negative ? exponent : -exponent))
    }

    private init(mantissa: Int64, shiftedScale scale: Int) throws(DecimalError) {
        if scale >= 0 {
            guard scale <= Int(FixedDecimal.maximumScale) else { throw .overflow }
            self.init(mantissa: mantissa, scale: UInt8(scale))
            return
        }
        if mantissa == 0 {
            self = .zero
            return
        }
        guard scale >= -18 else { throw .overflow }
        let (product, over) = mantissa.multipliedReportingOverflow(by: PowersOfTen.int64(-scale))
        if over { throw .overflow }
        self.init(mantissa: product, scale: 0)
    }

    /// Parses the UTF-8 of `text`; see ``init(parsing:)-(RawSpan)``.
    public init(_ text: String) throws(DecimalError) {
        let bytes = [UInt8](text.utf8)
        try self.init(parsing: bytes.span.bytes)
    }
}
