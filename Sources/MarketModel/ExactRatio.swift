/// Ratios of integers as the nearest double, so that a number does not depend on the order of a sum.
package enum ExactRatio {
    /// The double nearest to `numerator / denominator` (ties to even); `denominator` is above 0.
    package static func nearest(_ numerator: Int128, over denominator: Int128) -> Double {
        let magnitude = numerator.magnitude
        let divisor = denominator.magnitude
        let exact: UInt128 = 1 << 53
        let quotient =
            if magnitude <= exact, divisor <= exact {
                // Exact operands and one correctly rounded division.
                Double(UInt64(magnitude)) / Double(UInt64(divisor))
            } else {
                longDivision(magnitude, divisor)
            }
        return numerator < 0 ? -quotient : quotient
    }

    private static func longDivision(_ dividend: UInt128, _ divisor: UInt128) -> Double {
        guard dividend != 0 else { return 0 }
        var (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        var exponent = 0
        // 55 bits and a sticky one round like the exact value. Safe: remainder < divisor < 2^127.
        while quotient < 1 << 55 {
            remainder <<= 1
            quotient <<= 1
            if remainder >= divisor {
                remainder -= divisor
                quotient |= 1
            }
            exponent -= 1
        }
        if remainder != 0 { quotient |= 1 }
        return Double(sign: .plus, exponent: exponent, significand: Double(quotient))
    }

    /// The double nearest to `numerator / denominator · 2^exponent` (ties to even); `denominator` is above 0.
    package static func nearest(
        _ numerator: WideInteger,
        over denominator: WideInteger,
        exponent: Int = 0
    ) -> Double {
        guard !numerator.isZero else { return 0 }
        let shift = 56 - (numerator.bitWidth - denominator.bitWidth)
        let (quotient, isExact) = divide(numerator.magnitude, by: denominator, shift: shift)
        let magnitude = rounded(UInt64(quotient), isExact: isExact, exponent: exponent - shift)
        return numerator.isNegative ? -magnitude : magnitude
    }

    /// The double nearest to the root of `numerator / denominator · 4^exponent` (ties to even).
    ///
    /// `numerator` is at least 0, `denominator` above 0.
    package static func squareRoot(
        _ numerator: WideInteger,
        over denominator: WideInteger,
        exponent: Int
    ) -> Double {
        guard !numerator.isZero else { return 0 }
        var shift = 112 - (numerator.bitWidth - denominator.bitWidth)
        if !shift.isMultiple(of: 2) { shift += 1 }
        let (square, isExact) = divide(numerator, by: denominator, shift: shift)
        // Within a few units of the root: the square has at most 115 bits.
        var root = UInt128(Double(square).squareRoot())
        while root * root > square { root -= 1 }
        while (root + 1) * (root + 1) <= square { root += 1 }
        return rounded(
            UInt64(root),
            isExact: isExact && root * root == square,
            exponent: exponent - shift / 2
        )
    }

    /// The integer quotient of `dividend · 2^shift`, and whether nothing is left.
    ///
    /// Precondition: both are above 0, and the quotient is below 2^116.
    private static func divide(
        _ dividend: WideInteger,
        by divisor: WideInteger,
        shift: Int
    ) -> (quotient: UInt128, isExact: Bool) {
        var rest = shift > 0 ? dividend << shift : dividend
        let unit = shift < 0 ? divisor << -shift : divisor
        var quotient: UInt128 = 0
        for bit in stride(from: rest.bitWidth - unit.bitWidth, through: 0, by: -1) {
            let step = unit << bit
            guard rest >= step else { continue }
            rest = rest - step
            quotient |= 1 << UInt128(bit)
        }
        return (quotient, rest.isZero)
    }

    /// `significand · 2^exponent` and, unless exact, a bit more, rounded once, also below the normal doubles.
    ///
    /// Precondition: `significand` has 55 to 63 bits.
    private static func rounded(_ significand: UInt64, isExact: Bool, exponent: Int) -> Double {
        // The last bit is sticky: it marks what is left.
        let sticky = significand << 1 | (isExact ? 0 : 1)
        let exponent = exponent - 1
        let surplus = max(64 - sticky.leadingZeroBitCount - 53, -1074 - exponent)
        guard surplus < 64 else { return 0 }
        var kept = sticky >> UInt64(surplus)
        let (rest, half) = (sticky & (1 << UInt64(surplus) - 1), UInt64(1) << UInt64(surplus - 1))
        if rest > half || rest == half && !kept.isMultiple(of: 2) { kept += 1 }
        return Double(sign: .plus, exponent: exponent + surplus, significand: Double(kept))
    }
}
