import MarketModel

/// The difference of two decimals as the nearest double.
enum ExactDifference {
    /// Exact where the scales differ by at most 18 digits, trailing zeros aside: 128 bits hold that.
    static func nearest(_ minuend: FixedDecimal, _ subtrahend: FixedDecimal) -> Double {
        let (left, right) = (trimmed(minuend), trimmed(subtrahend))
        let scale = max(left.scale, right.scale)
        guard scale - min(left.scale, right.scale) <= 18 else {
            return minuend.doubleValue - subtrahend.doubleValue
        }
        // Safe: 2^63 · 10^18 < 2^123, and one more bit for the difference.
        let difference = widened(left, to: scale) - widened(right, to: scale)
        return ExactRatio.nearest(difference, over: power(Int(scale)))
    }

    private static func widened(_ value: FixedDecimal, to scale: UInt8) -> Int128 {
        Int128(value.mantissa) * Int128(PowersOfTen.int64(Int(scale - value.scale)))
    }

    /// Only a scale that 18 digits do not span, or the longest, is worth the divisions.
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

/// The sum of the sizes of the best levels of a side, exact at the finest scale among them.
struct ExactSum {
    private var mantissa: Int128 = 0
    private var scale: UInt8 = 0
    /// Holds when 128 bits do not: sums of numbers no venue sends.
    private var isExact = true
    private var rounded = 0.0

    init(sizesOf levels: [PriceLevel], _ depth: Int) {
        for level in levels.prefix(depth) { add(level.size) }
    }

    private mutating func add(_ size: FixedDecimal) {
        rounded += size.doubleValue
        guard isExact else { return }
        if size.scale > scale {
            rescale(to: size.scale)
        }
        guard let term = ExactSum.shifted(Int128(size.mantissa), by: scale - min(size.scale, scale)),
            case (let sum, let overflow) = mantissa.addingReportingOverflow(term), !overflow
        else {
            isExact = false
            return
        }
        mantissa = sum
    }

    private mutating func rescale(to finer: UInt8) {
        if let shifted = ExactSum.shifted(mantissa, by: finer - scale) {
            mantissa = shifted
            scale = finer
        } else {
            isExact = false
        }
    }

    private static func shifted(_ value: Int128, by digits: UInt8) -> Int128? {
        if digits == 0 || value == 0 { return value }
        guard digits <= 18 else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(
            by: Int128(PowersOfTen.int64(Int(digits)))
        )
        return overflow ? nil : product
    }

    /// (bids − asks) / (bids + asks) as the nearest double; nil if both are zero.
    static func imbalance(_ bids: ExactSum, _ asks: ExactSum) -> Double? {
        var (bids, asks) = (bids, asks)
        let scale = max(bids.scale, asks.scale)
        if bids.scale < scale { bids.rescale(to: scale) }
        if asks.scale < scale { asks.rescale(to: scale) }
        let (difference, over) = bids.mantissa.subtractingReportingOverflow(asks.mantissa)
        let (total, carry) = bids.mantissa.addingReportingOverflow(asks.mantissa)
        guard bids.isExact, asks.isExact, !over, !carry else {
            let total = bids.rounded + asks.rounded
            return total == 0 ? nil : (bids.rounded - asks.rounded) / total
        }
        return total > 0 ? ExactRatio.nearest(difference, over: total) : nil
    }
}
