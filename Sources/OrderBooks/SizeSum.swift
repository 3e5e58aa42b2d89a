public import MarketModel

/// An exact sum of sizes: `mantissa · 10^(-scale)`.
@frozen
public struct SizeSum: Equatable, Sendable {
    /// The digits as one integer.
    public var mantissa: Int128
    /// How many of the digits are after the decimal point.
    public var scale: UInt8
    /// The sum of the nearest doubles, best outwards, if the exact one overflows 128 bits (no venue sends
    /// such sizes); `mantissa` is then 0.
    public var rounded: Double?

    /// Makes a sum from its parts.
    @inlinable
    public init(mantissa: Int128, scale: UInt8) {
        self.mantissa = mantissa
        self.scale = scale
        rounded = nil
    }

    /// The sum of the sizes of the first `limit` of `levels`, which are best first.
    public init(_ levels: Span<PriceLevel>, limit: Int) {
        let best = levels.extracting(first: max(limit, 0))
        self.init(best.count) { index in best[index].size }
    }

    /// The sum of the best `limit` sizes of a side.
    init(_ side: borrowing BookSide, _ limit: Int) {
        if side.ladder.isActive {
            let scales = side.traits.scales
            if let sum = side.ladderSum(limit) {
                self.init(mantissa: Int128(sum), scale: UInt8(truncatingIfNeeded: scales >> 8))
                return
            }
            var levels: [PriceLevel] = []
            side.copyBest(
                max(limit, 0),
                isAsk: false,
                scale: UInt8(truncatingIfNeeded: scales),
                into: &levels
            )
            self.init(levels.span, limit: limit)
            return
        }
        let flat = side.flatCount
        var walk = DeepLevels.Walk()
        self.init(min(max(limit, 0), side.count)) { index in
            if index == flat { walk = side.deep.walk }
            let entry = index < flat ? side.entry(at: side.high - 1 - index) : side.deep.next(&walk)
            return entry.decimalSize
        }
    }

    /// Sets a sum that fits 64 bits.
    ///
    /// Member by member: copying a whole sum right after writing its parts would stall.
    @inline(__always)
    mutating func set(_ sum: Int64, scale: UInt8) {
        mantissa = Int128(sum)
        self.scale = scale
        rounded = nil
    }

    @inline(__always)
    private init(_ count: Int, _ size: (Int) -> FixedDecimal) {
        var finest: UInt8 = 0
        for index in 0..<count { finest = max(finest, size(index).scale) }
        if let sum = SizeSum.narrow(count, finest, size) {
            self.init(mantissa: Int128(sum), scale: finest)
        } else if let sum = SizeSum.wide(count, finest, size) {
            self.init(mantissa: sum, scale: finest)
        } else {
            self.init(mantissa: 0, scale: 0)
            var sum = 0.0
            for index in 0..<count { sum += size(index).doubleValue }
            rounded = sum
        }
    }

    /// The sum at the finest scale; nil if 64 bits do not hold it.
    @inline(__always)
    private static func narrow(_ count: Int, _ scale: UInt8, _ size: (Int) -> FixedDecimal) -> Int64? {
        var sum: Int64 = 0
        for index in 0..<count {
            let size = size(index)
            guard scale - size.scale <= 18 else { return nil }
            let factor = PowersOfTen.int64(Int(scale - size.scale))
            let (term, over) = size.mantissa.multipliedReportingOverflow(by: factor)
            let (total, carry) = sum.addingReportingOverflow(term)
            if over || carry { return nil }
            sum = total
        }
        return sum
    }

    /// The sum in 128 bits; nil if they do not hold it.
    private static func wide(_ count: Int, _ scale: UInt8, _ size: (Int) -> FixedDecimal) -> Int128? {
        var sum: Int128 = 0
        for index in 0..<count {
            let size = size(index)
            guard let term = shifted(Int128(size.mantissa), by: scale - size.scale) else { return nil }
            let (total, overflow) = sum.addingReportingOverflow(term)
            if overflow { return nil }
            sum = total
        }
        return sum
    }

    /// The mantissa at a finer scale; nil if 128 bits do not hold it or it is a rounded sum.
    public func mantissa(atScale finer: UInt8) -> Int128? {
        rounded == nil && finer >= scale ? SizeSum.shifted(mantissa, by: finer - scale) : nil
    }

    @inline(__always)
    private static func shifted(_ value: Int128, by digits: UInt8) -> Int128? {
        if digits == 0 || value == 0 { return value }
        // Up to 36 digits, in two steps: the table holds powers up to 10^18.
        let first = min(digits, 18)
        guard digits - first <= 18, let part = times(value, PowersOfTen.int64(Int(first))) else { return nil }
        return digits == first ? part : times(part, PowersOfTen.int64(Int(digits - first)))
    }

    private static func times(_ value: Int128, _ factor: Int64) -> Int128? {
        let (product, overflow) = value.multipliedReportingOverflow(by: Int128(factor))
        return overflow ? nil : product
    }

    /// The nearest double, or one next to it.
    public var doubleValue: Double {
        if let rounded { return rounded }
        // Scales are at most 36: two divisions by exact powers.
        let (first, second) = (min(Int(scale), 18), max(Int(scale) - 18, 0))
        return Double(mantissa) / PowersOfTen.double(first) / PowersOfTen.double(min(second, 22))
    }
}

extension SizeSum: StateElement {
    package static var blank: SizeSum { SizeSum(mantissa: 0, scale: 0) }

    /// Without the trailing zeros of the sum: they depend on how it was read.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        while scale > 0, mantissa % 10 == 0 { (mantissa, scale) = (mantissa / 10, scale - 1) }
        try coder.packed("mantissa", &mantissa)
        try coder.packed("scale", &scale)
        try coder.packed("rounded", &rounded)
    }
}
