import MarketModel
import OrderBooks

/// (bids − asks) / (bids + asks) over sums of sizes.
enum Imbalance {
    /// The nearest double; nil if all sizes are zero.
    static func nearest(_ bids: SizeSum, _ asks: SizeSum) -> Double? {
        guard let (difference, total) = exact(bids, asks) else {
            let (bought, sold) = (bids.doubleValue, asks.doubleValue)
            return bought + sold == 0 ? nil : (bought - sold) / (bought + sold)
        }
        return total > 0 ? ExactRatio.nearest(difference, over: total) : nil
    }

    private static func exact(_ bids: SizeSum, _ asks: SizeSum) -> (difference: Int128, total: Int128)? {
        let scale = max(bids.scale, asks.scale)
        guard let bought = bids.mantissa(atScale: scale), let sold = asks.mantissa(atScale: scale) else {
            return nil
        }
        let (difference, over) = bought.subtractingReportingOverflow(sold)
        let (total, carry) = bought.addingReportingOverflow(sold)
        return over || carry ? nil : (difference, total)
    }
}
