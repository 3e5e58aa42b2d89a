import MarketModel

/// Differences of decimals as the nearest double, exact before that one rounding.
enum ExactDifference {
    static func nearest(_ minuend: FixedDecimal, _ subtrahend: FixedDecimal) -> Double {
        if minuend.scale == subtrahend.scale, minuend.scale <= 18 {
            let difference = Int128(minuend.mantissa) - Int128(subtrahend.mantissa)
            return ExactRatio.nearest(difference, over: Int128(PowersOfTen.int64(Int(minuend.scale))))
        }
        let (left, right) = (trimmed(minuend), trimmed(subtrahend))
        let scale = max(left.scale, right.scale)
        guard scale <= 36, scale - min(left.scale, right.scale) <= 18 else {
            return ExactRatio.nearest(
                WideInteger(left, atScale: scale) - WideInteger(right, atScale: scale),
                over: .power(ofTen: Int(scale))
            )
        }
        // Safe: 2^63 · 10^18 < 2^123, and one more bit for the difference.
        let difference = widened(left, to: scale) - widened(right, to: scale)
        return ExactRatio.nearest(difference, over: power(Int(scale)))
    }

    private static func widened(_ value: FixedDecimal, to scale: UInt8) -> Int128 {
        Int128(value.mantissa) * Int128(PowersOfTen.int64(Int(scale - value.scale)))
    }

    /// Trimming costs divisions: worth it only if 18 digits do not span the scales, or for the longest.
    private static func trimmed(_ value: FixedDecimal) -> FixedDecimal {
        var value = value
        if value.mantissa == 0 { return .zero }
        while value.scale > 18, value.mantissa % 10 == 0 {
            value = FixedDecimal(mantissa: value.mantissa / 10, scale: value.scale - 1)
        }
        return value
    }

    private static func power(_ exponent: Int) -> Int128 {
        let low = Int128(PowersOfTen.int64(min(exponent, 18)))
        return exponent <= 18 ? low : low * Int128(PowersOfTen.int64(exponent - 18))
    }
}
