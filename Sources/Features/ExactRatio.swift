/// Ratios of integers as the nearest double, so that a feature does not depend on the order of a sum.
enum ExactRatio {
    /// The double nearest to `numerator / denominator` (ties to even); `denominator` is above 0.
    static func nearest(_ numerator: Int128, over denominator: Int128) -> Double {
        let magnitude = numerator.magnitude
        let divisor = denominator.magnitude
        let exact: UInt128 = 1 << 53
        let quotient =
            if magnitude <= exact, divisor <= exact {
                // Both exact, one correctly rounded division.
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
}
