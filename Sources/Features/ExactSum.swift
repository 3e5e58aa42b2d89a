import MarketModel

/// The difference of two decimals as the nearest double.
enum ExactDifference {
    static func nearest(_ minuend: FixedDecimal, _ subtrahend: FixedDecimal) -> Double {
        let scale = max(minuend.scale, subtrahend.scale)
        guard let left = minuend.mantissa(atScale: scale), let right = subtrahend.mantissa(atScale: scale),
            case (let difference, let overflow) = left.subtractingReportingOverflow(right), !overflow
        else { return minuend.doubleValue - subtrahend.doubleValue }
        return FixedDecimal(mantissa: difference, scale: scale).doubleValue
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
