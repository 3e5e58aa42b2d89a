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

extension ExactPrice: StateElement {
    package static var blank: ExactPrice { .number(0) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var (bid, ask, number) = (FixedDecimal.zero, FixedDecimal.zero, 0.0)
        var isMid = false
        switch self {
        case .mid(let best, let other): (bid, ask, isMid) = (best, other, true)
        case .number(let value): number = value
        }
        try coder.packed("isMid", &isMid)
        guard isMid else {
            try coder.packed("number", &number)
            self = .number(number)
            return
        }
        try coder.packed("bid", &bid)
        try coder.packed("ask", &ask)
        self = .mid(bid: bid, ask: ask)
    }
}
