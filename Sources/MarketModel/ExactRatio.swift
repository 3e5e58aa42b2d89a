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

    /// The double nearest to `numerator / denominator · 2^exponent`; `denominator` is above 0.
    package static func nearest(
        _ numerator: WideInteger,
        over denominator: WideInteger,
        exponent: Int = 0
    ) -> Double {
        let (significand, power) = scaled(numerator.magnitude, denominator)
        let quotient = Double(sign: .plus, exponent: power + exponent, significand: significand)
        return numerator.isNegative ? -quotient : quotient
    }

    /// The double nearest to the root of `numerator / denominator · 4^exponent`, except perhaps its last
    /// bit.
    ///
    /// `numerator` is at least 0, `denominator` above 0.
    package static func squareRoot(
        _ numerator: WideInteger,
        over denominator: WideInteger,
        exponent: Int
    ) -> Double {
        let (significand, power) = scaled(numerator, denominator)
        let isOdd = power & 1 != 0
        let root = (isOdd ? significand * 2 : significand).squareRoot()
        return Double(sign: .plus, exponent: (isOdd ? power - 1 : power) / 2 + exponent, significand: root)
    }

    /// The ratio as `significand · 2^exponent`, the significand rounded to 53 bits.
    private static func scaled(
        _ dividend: WideInteger,
        _ divisor: WideInteger
    ) -> (significand: Double, exponent: Int) {
        guard !dividend.isZero else { return (0, 0) }
        // So that the quotient has 56 or 57 bits.
        let shift = 56 - (dividend.bitWidth - divisor.bitWidth)
        var rest = shift > 0 ? dividend << shift : dividend
        let unit = shift < 0 ? divisor << -shift : divisor
        var quotient: UInt64 = 0
        for bit in stride(from: 57, through: 0, by: -1) {
            let step = unit << bit
            guard rest >= step else { continue }
            rest = rest - step
            quotient |= 1 << UInt64(bit)
        }
        // The last bit is sticky: it marks a remainder.
        if !rest.isZero { quotient |= 1 }
        return (Double(quotient), -shift)
    }
}
