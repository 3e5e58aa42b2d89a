/// An integer of any length, for values beyond 128 bits.
///
/// Exact and slow: it allocates. Used only where the 64- and 128-bit paths overflow.
package struct WideInteger: Sendable, Equatable {
    /// The magnitude, least significant first, without zeros at the end.
    private var limbs: [UInt64]
    package private(set) var isNegative: Bool

    private init(_ limbs: [UInt64], isNegative: Bool) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
        self.isNegative = isNegative && !self.limbs.isEmpty
    }

    package init(_ value: Int128) {
        let magnitude = value.magnitude
        self.init(
            [UInt64(truncatingIfNeeded: magnitude), UInt64(truncatingIfNeeded: magnitude >> 64)],
            isNegative: value < 0
        )
    }

    /// The number whose magnitude is `limbs`, least significant first.
    package init(limbs: [UInt64]) { self.init(limbs, isNegative: false) }

    /// `10^exponent`.
    package static func power(ofTen exponent: Int) -> WideInteger {
        var power = WideInteger(1)
        var left = exponent
        while left > 0 {
            let step = min(left, 18)
            power = power * WideInteger(Int128(PowersOfTen.int64(step)))
            left -= step
        }
        return power
    }

    package var isZero: Bool { limbs.isEmpty }
    /// −1, 0 or 1.
    package var signum: Int { isZero ? 0 : isNegative ? -1 : 1 }
    package var magnitude: WideInteger { WideInteger(limbs, isNegative: false) }
    /// How many bits the magnitude takes.
    package var bitWidth: Int {
        limbs.isEmpty ? 0 : limbs.count * 64 - limbs[limbs.count - 1].leadingZeroBitCount
    }

    package static prefix func - (value: WideInteger) -> WideInteger {
        WideInteger(value.limbs, isNegative: !value.isNegative)
    }

    package static func + (left: WideInteger, right: WideInteger) -> WideInteger {
        if left.isNegative == right.isNegative {
            return WideInteger(sum(left.limbs, right.limbs), isNegative: left.isNegative)
        }
        return isSmaller(left.limbs, right.limbs)
            ? WideInteger(difference(right.limbs, left.limbs), isNegative: right.isNegative)
            : WideInteger(difference(left.limbs, right.limbs), isNegative: left.isNegative)
    }

    package static func - (left: WideInteger, right: WideInteger) -> WideInteger { left + -right }

    package static func * (left: WideInteger, right: WideInteger) -> WideInteger {
        var product = [UInt64](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (index, limb) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (other, factor) in right.limbs.enumerated() {
                // Safe: (2^64 − 1)² + 2 · (2^64 − 1) is below 2^128.
                let term =
                    UInt128(limb) &* UInt128(factor) &+ UInt128(product[index + other]) &+ UInt128(carry)
                product[index + other] = UInt64(truncatingIfNeeded: term)
                carry = UInt64(truncatingIfNeeded: term >> 64)
            }
            product[index + right.limbs.count] = carry
        }
        return WideInteger(product, isNegative: left.isNegative != right.isNegative)
    }

    package static func << (value: WideInteger, bits: Int) -> WideInteger {
        let (whole, rest) = (bits / 64, UInt64(bits % 64))
        var limbs = [UInt64](repeating: 0, count: whole)
        var carry: UInt64 = 0
        for limb in value.limbs {
            limbs.append(limb << rest | carry)
            carry = rest == 0 ? 0 : limb >> (64 - rest)
        }
        limbs.append(carry)
        return WideInteger(limbs, isNegative: value.isNegative)
    }
}

// Quotients and parts, rounded towards zero.
extension WideInteger {
    /// The number without its last `bits` bits.
    static func >> (value: WideInteger, bits: Int) -> WideInteger {
        let (whole, rest) = (bits / 64, UInt64(bits % 64))
        var limbs = Array(value.limbs.dropFirst(whole))
        for index in limbs.indices {
            let above = index + 1 < limbs.count ? limbs[index + 1] : 0
            limbs[index] = limbs[index] >> rest | (rest == 0 ? 0 : above << (64 - rest))
        }
        return WideInteger(limbs, isNegative: value.isNegative)
    }

    /// The quotient by a divisor above 0.
    func divided(by divisor: WideInteger) -> WideInteger {
        divisor.limbs.count == 1 ? divided(by: divisor.limbs[0]) : longDivided(by: divisor)
    }

    private func divided(by divisor: UInt64) -> WideInteger {
        var (quotient, rest) = (limbs, UInt64(0))
        for index in limbs.indices.reversed() {
            (quotient[index], rest) = divisor.dividingFullWidth((rest, limbs[index]))
        }
        return WideInteger(quotient, isNegative: isNegative)
    }

    private func longDivided(by divisor: WideInteger) -> WideInteger {
        var (rest, quotient) = (magnitude, [UInt64](repeating: 0, count: limbs.count))
        for bit in stride(from: bitWidth - divisor.bitWidth, through: 0, by: -1) {
            let step = divisor << bit
            guard rest >= step else { continue }
            rest = rest - step
            quotient[bit / 64] |= 1 << UInt64(bit % 64)
        }
        return WideInteger(quotient, isNegative: isNegative)
    }

    /// The first bits, at most 126, as `bits · 2^exponent`; all of them if there are no more.
    func leading(bits count: Int) -> (bits: Int128, exponent: Int) {
        let surplus = max(0, bitWidth - count)
        let kept = (self >> surplus).limbs
        let magnitude = UInt128(kept.first ?? 0) | UInt128(kept.count > 1 ? kept[1] : 0) << 64
        return (isNegative ? -Int128(magnitude) : Int128(magnitude), surplus)
    }
}

extension WideInteger: Comparable {
    package static func < (left: WideInteger, right: WideInteger) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? isSmaller(right.limbs, left.limbs) : isSmaller(left.limbs, right.limbs)
    }

    private static func isSmaller(_ left: [UInt64], _ right: [UInt64]) -> Bool {
        guard left.count == right.count else { return left.count < right.count }
        for index in left.indices.reversed() where left[index] != right[index] {
            return left[index] < right[index]
        }
        return false
    }

    private static func sum(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var sum: [UInt64] = []
        var carry: UInt64 = 0
        for index in 0..<max(left.count, right.count) {
            let (part, over) = (index < left.count ? left[index] : 0).addingReportingOverflow(carry)
            let (whole, more) = part.addingReportingOverflow(index < right.count ? right[index] : 0)
            sum.append(whole)
            carry = over || more ? 1 : 0
        }
        return sum + [carry]
    }

    /// `left − right`.
    ///
    /// Precondition: `left` is at least `right`.
    private static func difference(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var difference: [UInt64] = []
        var borrow: UInt64 = 0
        for index in left.indices {
            let (part, under) = left[index].subtractingReportingOverflow(borrow)
            let (whole, more) = part.subtractingReportingOverflow(index < right.count ? right[index] : 0)
            difference.append(whole)
            borrow = under || more ? 1 : 0
        }
        return difference
    }
}

extension WideInteger {
    /// A decimal as a whole number of `10^(-scale)`; `scale` is at least its own.
    package init(_ decimal: FixedDecimal, atScale scale: UInt8) {
        self = WideInteger(Int128(decimal.mantissa)) * .power(ofTen: Int(scale) - Int(decimal.scale))
    }
}
