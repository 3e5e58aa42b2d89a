/// Logarithm and exponential from exactly rounded operations only; accurate to about 12 digits.
enum PortableMath {
    private static let ln2 = 0.693_147_180_559_945_3

    /// The natural logarithm of a positive, normal number.
    static func logarithm(_ value: Double) -> Double {
        var (mantissa, exponent) = (value.significand, Double(value.exponent))
        if mantissa > 1.5 {
            mantissa *= 0.5
            exponent += 1
        }
        // ln m = 2 artanh((m − 1) / (m + 1)), its argument within ±0.2.
        let s = (mantissa - 1) / (mantissa + 1)
        let square = s * s
        var sum = 1.0 / 17
        var odd = 15.0
        while odd >= 1 {
            sum = sum * square + 1 / odd
            odd -= 2
        }
        return 2 * s * sum + exponent * ln2
    }

    /// `e^value`.
    static func exponential(_ value: Double) -> Double {
        value < 0 ? decay(-value) : 1 / decay(min(value, 39))
    }

    /// `e^(−value)` for a value of zero or more.
    static func decay(_ value: Double) -> Double {
        guard value < 40 else { return 0 }
        let halvings = (value / ln2).rounded(.down)
        let rest = value - halvings * ln2
        var sum = 1.0
        var divisor = 11.0
        while divisor >= 1 {
            sum = 1 - rest / divisor * sum
            divisor -= 1
        }
        return sum / Double(UInt64(1) << UInt64(halvings))
    }
}
