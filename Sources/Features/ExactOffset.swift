import MarketModel

/// How far a price lies from the middle of two others, in ticks, as the nearest double.
enum ExactOffset {
    /// `(price − (bid + ask) / 2) / tick`; exact before the one rounding where the decimals differ by at most 18
    /// fraction digits.
    ///
    /// `tick` is above zero.
    static func ticks(
        _ price: FixedDecimal,
        from bid: FixedDecimal,
        _ ask: FixedDecimal,
        tick: FixedDecimal
    ) -> Double {
        let scales = [price.scale, bid.scale, ask.scale, tick.scale]
        let (scale, least) = (scales.max() ?? 0, scales.min() ?? 0)
        guard scale - least <= 18 else {
            return (price.doubleValue - (bid.doubleValue + ask.doubleValue) / 2) / tick.doubleValue
        }
        // Safe: 2^63 · 10^18 < 2^123, and two more bits for four of them.
        let widened = { (value: FixedDecimal) in
            Int128(value.mantissa) * Int128(PowersOfTen.int64(Int(scale - value.scale)))
        }
        return ExactRatio.nearest(2 * widened(price) - widened(bid) - widened(ask), over: 2 * widened(tick))
    }
}
