import MarketModel

/// The distance of a price from the middle of the best two, exact before one rounding to a double.
enum ExactOffset {
    /// `(price − (bid + ask) / 2) / tick` as the nearest double; `tick` is above zero.
    static func ticks(
        _ price: FixedDecimal,
        from bid: FixedDecimal,
        _ ask: FixedDecimal,
        tick: FixedDecimal
    ) -> Double {
        let scale = max(max(price.scale, tick.scale), max(bid.scale, ask.scale))
        if let price = narrow(price, scale), let bid = narrow(bid, scale), let ask = narrow(ask, scale),
            let tick = narrow(tick, scale)
        {
            // Safe: four of 2^63 take 65 bits.
            return ExactRatio.nearest(2 * price - bid - ask, over: 2 * tick)
        }
        let offset = wide(price, bid, ask, scale)
        return ExactRatio.nearest(offset, over: WideInteger(tick, atScale: scale), exponent: -1)
    }

    /// `10000 · (price − mid) / mid` as the nearest double; nil where the mid is not above zero.
    static func basisPoints(
        _ price: FixedDecimal,
        from bid: FixedDecimal,
        _ ask: FixedDecimal
    ) -> Double? {
        let scale = max(price.scale, max(bid.scale, ask.scale))
        if let price = narrow(price, scale), let bid = narrow(bid, scale), let ask = narrow(ask, scale) {
            // Safe: 65 bits times 10^4.
            return bid + ask > 0
                ? ExactRatio.nearest(10_000 * (2 * price - bid - ask), over: bid + ask) : nil
        }
        let mid = WideInteger(bid, atScale: scale) + WideInteger(ask, atScale: scale)
        let offset = wide(price, bid, ask, scale) * WideInteger(10_000)
        return mid.signum > 0 ? ExactRatio.nearest(offset, over: mid) : nil
    }

    /// The sign of `price − mid · (1 + points / 10000)`.
    static func side(
        of price: FixedDecimal,
        from bid: FixedDecimal,
        _ ask: FixedDecimal,
        points: Int
    ) -> Int {
        let scale = max(price.scale, max(bid.scale, ask.scale))
        if let price = narrow(price, scale), let bid = narrow(bid, scale), let ask = narrow(ask, scale) {
            // Safe: 65 bits times a few times 10^4.
            let (left, right) = (20_000 * price, Int128(10_000 + points) * (bid + ask))
            return left < right ? -1 : left == right ? 0 : 1
        }
        let mid = WideInteger(bid, atScale: scale) + WideInteger(ask, atScale: scale)
        let reach = mid * WideInteger(Int128(10_000 + points))
        return (WideInteger(price, atScale: scale) * WideInteger(20_000) - reach).signum
    }

    private static func narrow(_ value: FixedDecimal, _ scale: UInt8) -> Int128? {
        value.mantissa(atScale: scale).map { Int128($0) }
    }

    private static func wide(
        _ price: FixedDecimal,
        _ bid: FixedDecimal,
        _ ask: FixedDecimal,
        _ scale: UInt8
    ) -> WideInteger {
        let whole = WideInteger(price, atScale: scale)
        return whole + whole - WideInteger(bid, atScale: scale) - WideInteger(ask, atScale: scale)
    }
}
