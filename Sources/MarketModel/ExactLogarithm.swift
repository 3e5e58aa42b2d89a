/// Logarithms of ratios in integers of as many digits as it takes: slow, and always the nearest double.
enum ExactLogarithm {
    /// `ln(numerator / denominator)` as the nearest double; both are above 0.
    ///
    /// Takes some 30 µs. The logarithm of a ratio other than 1 is irrational, so enough digits always decide.
    static func of(_ numerator: WideInteger, over denominator: WideInteger) -> Double {
        guard numerator != denominator else { return 0 }
        var precision = 128
        while true {
            if let value = of(numerator, denominator, precision) { return value }
            precision *= 2
        }
    }

    /// The same from so many digits of base 2; nil if they do not decide.
    private static func of(
        _ numerator: WideInteger,
        _ denominator: WideInteger,
        _ precision: Int
    ) -> Double? {
        // The ratio is 2^exponent times one between ½ and 2.
        let exponent = numerator.bitWidth - denominator.bitWidth
        let left = numerator << max(0, -exponent)
        let right = denominator << max(0, exponent)
        let (difference, sum) = (left - right, left + right)
        // A small logarithm needs as many digits behind its zeros.
        let zeros = exponent == 0 ? sum.bitWidth - difference.bitWidth : 0
        let unit = precision + zeros + 32
        var value = artanh(difference, over: sum, unit: unit)
        if exponent != 0 {
            let two = artanh(WideInteger(1), over: WideInteger(3), unit: unit)
            value = value + two * WideInteger(Int128(exponent))
        }
        // 2^25 units: four a term, of which there are fewer than 2^12, for either series, times 2^11 for the exponent.
        let error = WideInteger(1 << 25)
        let floor = ExactRatio.nearest(value - error, over: WideInteger(1), exponent: 1 - unit)
        let ceiling = ExactRatio.nearest(value + error, over: WideInteger(1), exponent: 1 - unit)
        return floor == ceiling ? floor : nil
    }

    /// `artanh(numerator / denominator) · 2^unit`, each term rounded towards zero; the ratio is at most ⅓.
    private static func artanh(
        _ numerator: WideInteger,
        over denominator: WideInteger,
        unit: Int
    ) -> WideInteger {
        let ratio = (numerator.magnitude << unit).divided(by: denominator)
        let square = (ratio * ratio) >> unit
        var (power, sum) = (ratio, ratio)
        var number: UInt64 = 3
        while true {
            power = (power * square) >> unit
            let term = power.divided(by: WideInteger(Int128(number)))
            guard !term.isZero else { return numerator.isNegative ? -sum : sum }
            sum = sum + term
            number += 2
        }
    }
}
