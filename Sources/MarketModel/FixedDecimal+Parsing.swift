extension FixedDecimal {
    /// Parses ASCII text: an optional minus, digits, an optional fraction, an optional exponent.
    ///
    /// For example `0.00100000`, `-12`, `1e-7`. Leading zeros are accepted.
    ///
    /// The scale is the number of fraction digits minus the exponent; a negative one moves into the
    /// mantissa. Trailing zeros that do not fit 64 bits are counted in ``zeros``. Cost: one pass, no
    /// allocation.
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
                // 18 digits cannot overflow; longer texts are read again by the slow path.
                guard digits <= 17 else {
                    try self.init(long: text)
                    return
                }
                magnitude = magnitude &* 10 &+ UInt64(digit)
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
            if scale > Int(FixedDecimal.maximumScale) {
                try self.init(long: text)
            } else {
                self.init(mantissa: mantissa, scale: UInt8(truncatingIfNeeded: scale))
            }
        } else {
            try self.init(long: text)
        }
    }

    /// The slow path: parses a text of any length, with or without an exponent.
    @usableFromInline
    @inline(never)
    init(long text: RawSpan) throws(DecimalError) {
        var number = LongNumber()
        let end = try number.read(text)
        let exponent = try FixedDecimal.exponent(of: text, at: end)
        self = try number.decimal(exponent: exponent)
    }

    /// The exponent at an offset, 0 if the text ends there; values beyond 1000 are clamped, as they make no
    /// difference.
    private static func exponent(of text: RawSpan, at start: Int) throws(DecimalError) -> Int {
        var offset = start
        let count = text.byteCount
        func byte(_ at: Int) -> UInt8 { at < count ? text.unsafeLoad(fromByteOffset: at, as: UInt8.self) : 0 }
        if offset == count { return 0 }
        guard byte(offset) | 0x20 == 0x65 else { throw .malformed(offset: offset) }
        offset += 1
        let negative = byte(offset) == 0x2d
        if negative || byte(offset) == 0x2b { offset += 1 }
        guard offset < count else { throw .malformed(offset: offset) }
        var exponent = 0
        while offset < count {
            let digit = byte(offset) &- 0x30
            guard digit <= 9 else { throw .malformed(offset: offset) }
            exponent = min(exponent * 10 + Int(digit), 1000)
            offset += 1
        }
        return negative ? -exponent : exponent
    }

    /// Parses the UTF-8 of `text`; see ``init(parsing:)-(RawSpan)``.
    public init(_ text: String) throws(DecimalError) {
        let bytes = [UInt8](text.utf8)
        try self.init(parsing: bytes.span.bytes)
    }
}

/// The digits of a number of any length: those that 64 bits hold, and how many zeros follow.
private struct LongNumber {
    private var magnitude: UInt64 = 0
    /// Zeros after those digits.
    private var pending = 0
    private var fraction = 0
    private var isNegative = false
    /// Whether digits other than zero did not fit.
    private var isTooLong = false

    /// Reads sign, digits and point; returns where they end.
    mutating func read(_ text: RawSpan) throws(DecimalError) -> Int {
        var offset = 0
        var point = -1
        func byte(_ at: Int) -> UInt8 {
            at < text.byteCount ? text.unsafeLoad(fromByteOffset: at, as: UInt8.self) : 0
        }
        isNegative = byte(0) == 0x2d
        if isNegative { offset = 1 }
        let start = offset
        while offset < text.byteCount {
            let digit = byte(offset) &- 0x30
            if digit <= 9 {
                add(digit)
            } else if byte(offset) == 0x2e, point < 0, offset > start {
                point = offset
            } else {
                break
            }
            offset += 1
        }
        guard offset > start, point != offset - 1 else { throw .malformed(offset: offset) }
        fraction = point < 0 ? 0 : offset - point - 1
        return offset
    }

    private mutating func add(_ digit: UInt8) {
        guard digit > 0 else {
            if magnitude > 0 { pending += 1 }
            return
        }
        while pending > 0, multiply() { pending -= 1 }
        let (tens, over) = magnitude.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
        if pending > 0 || over || carry || sum > UInt64(Int64.max) {
            isTooLong = true
        } else {
            magnitude = sum
        }
    }

    /// Appends a zero to the digits; returns false if there is no room.
    private mutating func multiply() -> Bool {
        let (product, over) = magnitude.multipliedReportingOverflow(by: 10)
        guard !over, product <= UInt64(Int64.max) else { return false }
        magnitude = product
        return true
    }

    /// The value, without zeros that do not fit.
    mutating func decimal(exponent: Int) throws(DecimalError) -> FixedDecimal {
        if isTooLong { throw .overflow }
        let most = Int(FixedDecimal.maximumScale)
        var scale = fraction - exponent
        guard magnitude > 0 else {
            let kept = min(max(scale, 0), most)
            return FixedDecimal(mantissa: 0, scale: UInt8(kept), zeros: zeros(scale - kept, exponent))
        }
        while pending > 0, multiply() { pending -= 1 }
        scale -= pending
        var dropped = pending
        while scale > most, magnitude % 10 == 0 {
            (magnitude, scale, dropped) = (magnitude / 10, scale - 1, dropped + 1)
        }
        while scale < 0, multiply() { scale += 1 }
        guard 0...most ~= scale else { throw .overflow }
        let mantissa = isNegative ? -Int64(magnitude) : Int64(magnitude)
        return FixedDecimal(mantissa: mantissa, scale: UInt8(scale), zeros: zeros(dropped, exponent))
    }

    /// Zeros omitted; none with an exponent, whose digits differ from the wire's anyway.
    private func zeros(_ count: Int, _ exponent: Int) -> UInt8 {
        exponent == 0 ? UInt8(clamping: count) : 0
    }
}
