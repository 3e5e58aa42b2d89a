import MarketModel

/// A point in a span: `first + ⌊numerator / denominator · (last − first)⌋`, with an exact product.
struct SpanPoint {
    let first: Int64
    let last: Int64

    /// The share `units / parts`, in units of 10^(-18).
    func time(_ units: Int128, of parts: Int64 = 1) -> Int64 {
        let whole = UInt128(Share.whole.units) * UInt128(parts)
        let share = min(UInt128(max(0, units)), whole)
        let span = (Int128(last) - Int128(first)).magnitude
        // Safe: the share is at most 1, so the quotient is at most the span.
        let offset = whole.dividingFullWidth(share.multipliedFullWidth(by: span)).quotient
        return first &+ Int64(truncatingIfNeeded: offset)
    }
}
