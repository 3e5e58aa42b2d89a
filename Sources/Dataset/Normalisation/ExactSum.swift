import MarketModel

/// A sum of doubles, or of their squares, without rounding: it does not depend on the order of its terms.
///
/// A fixed-point number of 32-bit digits with deferred carries; memory does not grow with the terms. Sums of parts
/// merge into the sum of the whole, in any order.
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
        let (significand, position) = ExactSum.parts(value)
        // Below 2^84: three digits.
        let shifted = UInt128(significand) &<< UInt128(position & 31)
        let (index, low) = (position >> 5, UInt64(truncatingIfNeeded: shifted))
        let mask: Int64 = value < 0 ? -1 : 0
        var digits = digits.mutableSpan
        digits[index] &+= (Int64(low & 0xffff_ffff) ^ mask) &- mask
        digits[index + 1] &+= (Int64(low >> 32) ^ mask) &- mask
        digits[index + 2] &+= (Int64(truncatingIfNeeded: shifted >> 64) ^ mask) &- mask
        endTerm()
    }

    /// Adds the square of a finite value.
    mutating func add(squareOf value: Double) {
        let (significand, exponent) = ExactSum.parts(value)
        let (high, low) = significand.multipliedFullWidth(by: significand)
        let (index, shift) = (exponent >> 4, UInt64(2 * exponent & 31))
        // Below 2^136: five digits.
        let middle = high &<< shift | (low &>> 1) &>> (63 - shift)
        let (bottom, top) = (low &<< shift, (high &>> 1) &>> (63 - shift))
        var digits = digits.mutableSpan
        digits[index] &+= Int64(bottom & 0xffff_ffff)
        digits[index + 1] &+= Int64(bottom >> 32)
        digits[index + 2] &+= Int64(middle & 0xffff_ffff)
        digits[index + 3] &+= Int64(middle >> 32)
        digits[index + 4] &+= Int64(top)
        endTerm()
    }

    private mutating func endTerm() {
        pending += 1
        // Each term changes a digit by less than 2^32.
        if pending == 1 << 30 { carry() }
    }

    /// The magnitude as `significand · 2^(exponent − 1074)`.
    private static func parts(_ value: Double) -> (significand: UInt64, exponent: Int) {
        let bits = value.exponentBitPattern
        return (value.significandBitPattern | (bits > 0 ? 1 << 52 : 0), max(Int(bits), 1) - 1)
    }

    /// Brings all digits but the last into 0 ..< 2^32.
    private mutating func carry() {
        for index in 0..<(digits.count - 1) {
            digits[index + 1] += digits[index] >> 32
            digits[index] &= 0xffff_ffff
        }
        pending = 0
    }

    /// Adds a sum of the same unit.
    mutating func merge(_ other: ExactSum) {
        carry()
        var other = other
        other.carry()
        for index in digits.indices { digits[index] += other.digits[index] }
        // Digits are below 2^33, like those of two terms.
        pending = 2
    }

    /// The sum in units.
    var whole: WideInteger {
        let (magnitude, isNegative) = parts
        let limbs = stride(from: 0, to: magnitude.count, by: 2).map { index in
            UInt64(magnitude[index])
                | (index + 1 < magnitude.count ? UInt64(magnitude[index + 1]) : 0) << 32
        }
        return isNegative ? -WideInteger(limbs: limbs) : WideInteger(limbs: limbs)
    }

    /// The magnitude in digits of 0 ..< 2^32, and the sign.
    private var parts: (magnitude: [Int64], isNegative: Bool) {
        var sum = self
        sum.carry()
        let isNegative = sum.digits[digits.count - 1] < 0
        if isNegative {
            for index in sum.digits.indices { sum.digits[index] = -sum.digits[index] }
            sum.carry()
        }
        return (sum.digits, isNegative)
    }
}

extension ExactSum: Equatable {
    /// Whether both are the same number, whatever their terms.
    static func == (left: ExactSum, right: ExactSum) -> Bool {
        let (one, other) = (left.parts, right.parts)
        return left.unit == right.unit && one.magnitude == other.magnitude
            && one.isNegative == other.isNegative
    }
}

// Equal sums are equal bytes: the sign, how many bytes of 0 follow, and the magnitude between them and the last.
extension ExactSum: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var (magnitude, isNegative) = parts
        let bytes = magnitude.flatMap { digit in (0..<4).map { UInt8(truncatingIfNeeded: digit >> ($0 * 8)) }
        }
        let used = bytes.indices.filter { bytes[$0] != 0 }
        var start = UInt16(used.first ?? 0)
        var middle = used.isEmpty ? [] : Array(bytes[Int(start)...(used.last ?? 0)])
        try isNegative.code(&coder)
        try start.code(&coder)
        try coder.data(&middle)
        guard coder.isReading else { return }
        let isShortest = middle.isEmpty ? start == 0 && !isNegative : middle.first != 0 && middle.last != 0
        // The last digit is the sign's and that of carries.
        guard isShortest, Int(start) + middle.count <= (digits.count - 1) * 4 else {
            throw coder.malformed("no sum in its shortest form")
        }
        magnitude = Array(repeating: 0, count: digits.count)
        for (index, byte) in middle.enumerated() {
            let place = Int(start) + index
            magnitude[place / 4] |= Int64(byte) << Int64(place % 4 * 8)
        }
        (digits, pending) = (isNegative ? magnitude.map { -$0 } : magnitude, 1)
    }
}
