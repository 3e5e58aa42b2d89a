/// A number as the unrounded sum of two doubles, the second within the rounding of the first.
///
/// Made of single additions, multiplications and divisions alone, so equal to the bit on every processor. Values must stay
/// within 2^±900.
struct TwofoldNumber {
    var high: Double
    var low: Double

    init(_ high: Double, _ low: Double) { (self.high, self.low) = (high, low) }

    /// A whole number below 2^126, within 2^-104 of itself.
    init(_ whole: Int128) {
        // In exact parts of 48 bits: the library's conversion takes more than all the rest.
        let magnitude = whole.magnitude
        let (top, bottom) = (
            UInt64(truncatingIfNeeded: magnitude >> 64), UInt64(truncatingIfNeeded: magnitude)
        )
        let first = TwofoldNumber(
            adding: Double(Int64(top >> 32)) * 0x1p96,
            Double(Int64((top & 0xffff_ffff) << 16 | bottom >> 48)) * 0x1p48
        )
        let second = TwofoldNumber(adding: first.high, Double(Int64(bottom & 0xffff_ffff_ffff)))
        self.init(adding: second.high, second.low + first.low)
        if whole < 0 { (high, low) = (-high, -low) }
    }

    /// The sum, exact.
    init(adding left: Double, _ right: Double) {
        high = left + right
        let part = high - left
        low = (left - (high - part)) + (right - part)
    }

    /// The product, exact.
    init(multiplying left: Double, _ right: Double) {
        let (one, other) = (TwofoldNumber.halves(left), TwofoldNumber.halves(right))
        high = left * right
        low =
            ((one.high * other.high - high) + one.high * other.low + one.low * other.high)
            + one.low * other.low
    }

    /// The quotient, within 2^-100 of itself.
    static func / (dividend: TwofoldNumber, divisor: TwofoldNumber) -> TwofoldNumber {
        let quotient = dividend.high / divisor.high
        let product = TwofoldNumber(multiplying: quotient, divisor.high)
        let rest =
            ((dividend.high - product.high) - product.low) + (dividend.low - quotient * divisor.low)
        return TwofoldNumber(quotient, rest / divisor.high)
    }

    /// A double as the sum of two of 26 bits.
    private static func halves(_ value: Double) -> (high: Double, low: Double) {
        let scaled = value * 0x8000001p0
        let high = scaled - (scaled - value)
        return (high, value - high)
    }
}
