/// The simple return from one price to another, `change / entry`, exact.
package enum ExactReturn: Sendable {
    /// Both in one unit.
    case narrow(change: Int64, entry: Int64)
    /// The same where they overflow 64 bits.
    case wide(change: WideInteger, entry: WideInteger)

    /// The return from `entry` to `exit`.
    package init(from entry: ExactPrice, to exit: ExactPrice) {
        if let (exit, entry) = ExactReturn.aligned(exit, entry) {
            // Safe: both are above zero.
            self = .narrow(change: exit &- entry, entry: entry)
        } else {
            let (exit, entry) = ExactReturn.alignedWide(exit, entry)
            self = .wide(change: exit - entry, entry: entry)
        }
    }

    /// The sign of the return: −1, 0 or 1.
    package var sign: Int {
        switch self {
        case .narrow(let change, _): Int(change.signum())
        case .wide(let change, _): change.signum
        }
    }

    /// The nearest double.
    package var nearest: Double {
        switch self {
        case .narrow(let change, let entry): ExactRatio.nearest(Int128(change), over: Int128(entry))
        case .wide(let change, let entry): ExactRatio.nearest(change, over: entry)
        }
    }

    /// Whether the return is below (−1), at (0) or above (1) a bound in basis points.
    package func compared(to bound: FixedDecimal) -> Int {
        // A return of 1 is 10^4 basis points: compare change · 10^(4 + scale) with mantissa · entry.
        let digits = Int(bound.scale) + 4
        if case .narrow(let change, let entry) = self, digits <= 18 {
            // Safe: products of 64 bits fit into 128.
            let left = Int128(change) &* Int128(PowersOfTen.int64(digits))
            let right = Int128(bound.mantissa) &* Int128(entry)
            return left < right ? -1 : left == right ? 0 : 1
        }
        let (change, entry) = widened
        return (change * .power(ofTen: digits) - WideInteger(Int128(bound.mantissa)) * entry).signum
    }

    private var widened: (change: WideInteger, entry: WideInteger) {
        switch self {
        case .narrow(let change, let entry): (WideInteger(Int128(change)), WideInteger(Int128(entry)))
        case .wide(let change, let entry): (change, entry)
        }
    }
}

// Two prices as whole numbers of one unit.
extension ExactReturn {
    private static func aligned(_ a: ExactPrice, _ b: ExactPrice) -> (Int64, Int64)? {
        switch (a, b) {
        case (.mid(let bid, let ask), .mid(let otherBid, let otherAsk)):
            let scale = max(max(bid.scale, ask.scale), max(otherBid.scale, otherAsk.scale))
            guard let first = sum(bid, ask, scale), let second = sum(otherBid, otherAsk, scale) else {
                return nil
            }
            return (first, second)
        case (.number(let first), .number(let second)): return aligned(first, second)
        default: return nil
        }
    }

    private static func sum(_ bid: FixedDecimal, _ ask: FixedDecimal, _ scale: UInt8) -> Int64? {
        guard let bid = bid.mantissa(atScale: scale), let ask = ask.mantissa(atScale: scale) else {
            return nil
        }
        let (sum, over) = bid.addingReportingOverflow(ask)
        return over ? nil : sum
    }

    private static func aligned(_ a: Double, _ b: Double) -> (Int64, Int64)? {
        let (first, second) = (parts(a), parts(b))
        let unit = min(first.exponent, second.exponent)
        let (left, right) = (first.exponent - unit, second.exponent - unit)
        guard left <= 10, right <= 10 else { return nil }
        return (first.significand << Int64(left), second.significand << Int64(right))
    }

    /// A finite double above zero as `significand · 2^exponent`, the significand below 2^53.
    private static func parts(_ value: Double) -> (significand: Int64, exponent: Int) {
        let isNormal = value.exponentBitPattern > 0
        let significand = Int64(value.significandBitPattern | (isNormal ? 1 << 52 : 0))
        return (significand, max(Int(value.exponentBitPattern), 1) - 1075)
    }

    private static func alignedWide(_ a: ExactPrice, _ b: ExactPrice) -> (WideInteger, WideInteger) {
        let (first, second) = (wide(a), wide(b))
        let scale = max(first.scale, second.scale)
        let unit = min(first.exponent, second.exponent)
        let whole = { (part: (number: WideInteger, scale: UInt8, exponent: Int)) in
            part.number * .power(ofTen: Int(scale - part.scale)) << (part.exponent - unit)
        }
        return (whole(first), whole(second))
    }

    /// A price as `number · 10^(-scale) · 2^exponent`.
    private static func wide(_ price: ExactPrice) -> (number: WideInteger, scale: UInt8, exponent: Int) {
        switch price {
        case .mid(let bid, let ask):
            let scale = max(bid.scale, ask.scale)
            return (WideInteger(bid, atScale: scale) + WideInteger(ask, atScale: scale), scale, -1)
        case .number(let value):
            let (significand, exponent) = parts(value)
            return (WideInteger(Int128(significand)), 0, exponent)
        }
    }
}
