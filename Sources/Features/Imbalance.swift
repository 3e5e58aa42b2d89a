import MarketModel

/// (bids − asks) / (bids + asks) over sums of sizes.
enum Imbalance {
    /// The nearest double over the best `depth` levels a side; nil if all sizes are zero.
    static func nearest(_ bids: [PriceLevel], _ asks: [PriceLevel], _ depth: Int) -> Double? {
        let (bids, asks) = (bids.span.extracting(first: depth), asks.span.extracting(first: depth))
        guard let (difference, total) = exact(bids, asks) else { return rounded(bids, asks) }
        return total > 0 ? ExactRatio.nearest(difference, over: total) : nil
    }

    private static func exact(
        _ bids: Span<PriceLevel>,
        _ asks: Span<PriceLevel>
    ) -> (difference: Int128, total: Int128)? {
        guard var bids = ExactSum(sizesOf: bids), var asks = ExactSum(sizesOf: asks) else { return nil }
        let scale = max(bids.scale, asks.scale)
        guard bids.rescale(to: scale), asks.rescale(to: scale) else { return nil }
        let (difference, over) = bids.mantissa.subtractingReportingOverflow(asks.mantissa)
        let (total, carry) = bids.mantissa.addingReportingOverflow(asks.mantissa)
        return over || carry ? nil : (difference, total)
    }

    private static func rounded(_ bids: Span<PriceLevel>, _ asks: Span<PriceLevel>) -> Double? {
        let (bought, sold) = (rounded(bids), rounded(asks))
        let total = bought + sold
        return total == 0 ? nil : (bought - sold) / total
    }

    private static func rounded(_ levels: Span<PriceLevel>) -> Double {
        var sum = 0.0
        for place in levels.indices { sum += levels[place].size.doubleValue }
        return sum
    }
}

/// The sum of the sizes of the best levels of a side, exact at the finest scale among them.
private struct ExactSum {
    var mantissa: Int128 = 0
    var scale: UInt8 = 0

    /// Nil where 128 bits do not hold it: sums of numbers no venue sends.
    init?(sizesOf levels: Span<PriceLevel>) {
        if let sum = ExactSum.plain(levels) {
            (mantissa, scale) = (Int128(sum), levels.isEmpty ? 0 : levels[0].size.scale)
            return
        }
        for place in levels.indices { scale = max(scale, levels[place].size.scale) }
        for place in levels.indices {
            let size = levels[place].size
            guard let term = ExactSum.shifted(Int128(size.mantissa), by: scale - size.scale) else {
                return nil
            }
            let (sum, overflow) = mantissa.addingReportingOverflow(term)
            if overflow { return nil }
            mantissa = sum
        }
    }

    /// The sum of mantissas of one scale that cannot overflow: nearly always all there is to do.
    private static func plain(_ levels: Span<PriceLevel>) -> Int64? {
        guard levels.count <= 128, !levels.isEmpty else { return levels.isEmpty ? 0 : nil }
        let scale = levels[0].size.scale
        var sum: Int64 = 0
        // What any of them has.
        var (bits, otherScale): (UInt64, UInt8) = (0, 0)
        for place in levels.indices {
            let size = levels[place].size
            sum &+= size.mantissa
            bits |= UInt64(bitPattern: size.mantissa)
            otherScale |= size.scale ^ scale
        }
        // 128 numbers below 2^56 stay below 2^63.
        return bits >> 56 == 0 && otherScale == 0 ? sum : nil
    }

    mutating func rescale(to finer: UInt8) -> Bool {
        guard let shifted = ExactSum.shifted(mantissa, by: finer - scale) else { return false }
        mantissa = shifted
        scale = finer
        return true
    }

    @inline(__always)
    private static func shifted(_ value: Int128, by digits: UInt8) -> Int128? {
        if digits == 0 || value == 0 { return value }
        guard digits <= 18 else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(
            by: Int128(PowersOfTen.int64(Int(digits)))
        )
        return overflow ? nil : product
    }
}
