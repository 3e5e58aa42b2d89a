import MarketModel

/// A sum of doubles, or of their squares, without rounding: it does not depend on the order of its terms.
///
/// A fixed-point number of 32-bit digits with deferred carries; memory does not grow with the terms.
struct ExactSum: Sendable {
    /// Digits of base 2^32 with room for carries, the least significant first.
    private var digits: [Int64]
    private var pending = 0
    /// One unit of the sum is `2^unit`.
    let unit: Int

    /// A sum of values, or of their squares if `squares`.
    init(squares: Bool) {
        unit = squares ? -2148 : -1074
        // The greatest term takes 2098 bits, or twice that; 2^63 of them 63 more.
        digits = Array(repeating: 0, count: squares ? 135 : 69)
    }

    /// Adds a finite value.
    mutating func add(_ value: Double) {
        let (significand, exponent) = ExactSum.parts(value)
        add(significand, at: exponent, isNegative: value < 0)
    }

    /// Adds the square of a finite value.
    mutating func add(squareOf value: Double) {
        let (significand, exponent) = ExactSum.parts(value)
        let square = UInt128(significand) &* UInt128(significand)
        add(UInt64(truncatingIfNeeded: square), at: 2 * exponent, isNegative: false)
        add(UInt64(truncatingIfNeeded: square >> 64), at: 2 * exponent + 64, isNegative: false)
    }

    /// The magnitude as `significand · 2^(exponent − 1074)`.
    private static func parts(_ value: Double) -> (significand: UInt64, exponent: Int) {
        let bits = value.exponentBitPattern
        return (value.significandBitPattern | (bits > 0 ? 1 << 52 : 0), max(Int(bits), 1) - 1)
    }

    private mutating func add(_ significand: UInt64, at position: Int, isNegative: Bool) {
        let shifted = UInt128(significand) << UInt128(position & 31)
        let index = position >> 5
        let sign: Int64 = isNegative ? -1 : 1
        // 64 bits shifted by up to 31 take three digits.
        for step in 0..<3 {
            let digit = Int64(UInt32(truncatingIfNeeded: shifted >> UInt128(32 * step)))
            digits[index + step] &+= sign &* digit
        }
        pending += 1
        // Each term changes a digit by less than 2^32.
        if pending == 1 << 30 { carry() }
    }

    /// Brings all digits but the last into 0 ..< 2^32.
    private mutating func carry() {
        for index in 0..<(digits.count - 1) {
            digits[index + 1] += digits[index] >> 32
            digits[index] &= 0xffff_ffff
        }
        pending = 0
    }

    /// The sum in units.
    var whole: WideInteger {
        var sum = self
        sum.carry()
        let isNegative = sum.digits[digits.count - 1] < 0
        if isNegative {
            for index in sum.digits.indices { sum.digits[index] = -sum.digits[index] }
            sum.carry()
        }
        let limbs = stride(from: 0, to: digits.count, by: 2).map { index in
            UInt64(sum.digits[index])
                | (index + 1 < digits.count ? UInt64(sum.digits[index + 1]) : 0) << 32
        }
        let magnitude = WideInteger(limbs: limbs)
        return isNegative ? -magnitude : magnitude
    }
}
