package import MarketModel

/// (bid · ask size + ask · bid size) / (bid size + ask size) of the best levels.
package enum Microprice {
    /// The nearest double; nil where both sizes are zero.
    package static func nearest(_ bid: PriceLevel, _ ask: PriceLevel) -> Double? {
        let price = max(bid.price.scale, ask.price.scale)
        let size = max(bid.size.scale, ask.size.scale)
        if price <= 18, let exact = narrow(bid, ask, price, size) {
            return exact.total > 0 ? ExactRatio.nearest(exact.sum, over: exact.total) : nil
        }
        let (bought, sold) = (WideInteger(bid.size, atScale: size), WideInteger(ask.size, atScale: size))
        let sum =
            WideInteger(bid.price, atScale: price) * sold + WideInteger(ask.price, atScale: price) * bought
        let total = (bought + sold) * .power(ofTen: Int(price))
        return total.signum > 0 ? ExactRatio.nearest(sum, over: total) : nil
    }

    /// Both terms of the ratio where they fit into 128 bits.
    private static func narrow(
        _ bid: PriceLevel,
        _ ask: PriceLevel,
        _ price: UInt8,
        _ size: UInt8
    ) -> (sum: Int128, total: Int128)? {
        guard let bidPrice = bid.price.mantissa(atScale: price),
            let askPrice = ask.price.mantissa(atScale: price),
            let bidSize = bid.size.mantissa(atScale: size), let askSize = ask.size.mantissa(atScale: size)
        else { return nil }
        let (sum, over) = (Int128(bidPrice) * Int128(askSize))
            .addingReportingOverflow(Int128(askPrice) * Int128(bidSize))
        // Safe: 2^64 · 10^18 is below 2^124.
        let total = (Int128(bidSize) + Int128(askSize)) * Int128(PowersOfTen.int64(Int(price)))
        return over ? nil : (sum, total)
    }
}
