import MarketModel

/// An exact sum of decimals and of products of two of them, none below zero.
///
/// Whole units and two groups of 36 fraction digits, enough for a product of two decimals of the greatest
/// scale. Saturates at 2¹²⁷ units, which is above every threshold.
struct ExactTotal: Sendable, Comparable {
    private var units: Int128 = 0
    private var fraction: Int128 = 0
    private var finest: Int128 = 0

    private static let group = power(36)

    init() {}

    init(_ value: FixedDecimal) {
        self.init(Int128(value.mantissa), scale: Int(value.scale))
    }

    init(_ left: FixedDecimal, times right: FixedDecimal) {
        self.init(Int128(left.mantissa) * Int128(right.mantissa), scale: Int(left.scale) + Int(right.scale))
    }

    /// The quotient rounded down to 24 fraction digits; the divisor is above 0.
    init(_ dividend: FixedDecimal, over divisor: FixedDecimal) {
        var digits = 24 + Int(divisor.scale) - Int(dividend.scale)
        let divisorMantissa = Int128(max(divisor.mantissa, 1))
        var (quotient, remainder) = Int128(max(dividend.mantissa, 0))
            .quotientAndRemainder(dividingBy: divisorMantissa)
        while digits > 0 {
            let step = min(digits, 18)
            digits -= step
            let shift = Int128(PowersOfTen.int64(step))
            // Safe: the remainder is below 2^63 and the shift below 2^60.
            let next = (remainder * shift).quotientAndRemainder(dividingBy: divisorMantissa)
            let (shifted, over) = quotient.multipliedReportingOverflow(by: shift)
            let (sum, carry) = shifted.addingReportingOverflow(next.quotient)
            (quotient, remainder) = (over || carry ? .max : sum, next.remainder)
        }
        if digits < 0 { quotient /= ExactTotal.power(min(-digits, 38)) }
        self.init(quotient, scale: quotient == .max ? 0 : 24)
    }

    /// `mantissa · 10^(−scale)` for scales to 72.
    private init(_ mantissa: Int128, scale: Int) {
        if scale <= 36 {
            let (whole, rest) = mantissa.quotientAndRemainder(dividingBy: ExactTotal.power(scale))
            units = whole
            fraction = rest * ExactTotal.power(36 - scale)
        } else {
            let (coarse, rest) = mantissa.quotientAndRemainder(dividingBy: ExactTotal.power(scale - 36))
            (units, fraction) = coarse.quotientAndRemainder(dividingBy: ExactTotal.group)
            finest = rest * ExactTotal.power(72 - scale)
        }
    }

    mutating func add(_ other: ExactTotal) {
        finest += other.finest
        fraction += other.fraction
        if finest >= ExactTotal.group {
            finest -= ExactTotal.group
            fraction += 1
        }
        var carry: Int128 = 0
        if fraction >= ExactTotal.group {
            fraction -= ExactTotal.group
            carry = 1
        }
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        let (total, carried) = sum.addingReportingOverflow(carry)
        units = overflow || carried ? .max : total
    }

    static func < (left: ExactTotal, right: ExactTotal) -> Bool {
        (left.units, left.fraction, left.finest) < (right.units, right.fraction, right.finest)
    }

    /// `10^exponent` for exponents to 38.
    private static func power(_ exponent: Int) -> Int128 {
        exponent <= 18
            ? Int128(PowersOfTen.int64(exponent))
            : Int128(PowersOfTen.int64(18)) * power(exponent - 18)
    }
}

extension ExactTotal: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("units", &units)
        try coder.packed("fraction", &fraction)
        try coder.packed("finest", &finest)
    }
}
