/// A price above zero without rounding, for comparing returns.
package enum ExactPrice: Equatable, Sendable {
    /// The middle of two decimals.
    case mid(bid: FixedDecimal, ask: FixedDecimal)
    /// A double, at its exact value.
    case number(Double)

    /// The middle of two prices; nil unless above zero, because returns need a positive price.
    package init?(bid: FixedDecimal, ask: FixedDecimal) {
        guard ask > FixedDecimal(mantissa: 0 &- bid.mantissa, scale: bid.scale) else { return nil }
        self = .mid(bid: bid, ask: ask)
    }

    /// A double; nil unless finite and above zero.
    package init?(_ number: Double) {
        guard number.isFinite, number > 0 else { return nil }
        self = .number(number)
    }

    /// Whether both have the same digits.
    package func isIdentical(to other: ExactPrice) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left.bitPattern == right.bitPattern
        case (.mid(let bid, let ask), .mid(let otherBid, let otherAsk)):
            bid.mantissa == otherBid.mantissa && ask.mantissa == otherAsk.mantissa
                && bid.scale == otherBid.scale && ask.scale == otherAsk.scale
        default: false
        }
    }
}
