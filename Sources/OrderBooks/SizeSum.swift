import MarketModel

/// An exact sum of sizes: `mantissa · 10^(-scale)`.
@frozen
public struct SizeSum: Equatable, Sendable {
    /// The digits as one integer; it saturates at the ends of 128 bits, which no real sizes reach.
    public var mantissa: Int128
    /// How many of the digits stand after the decimal point.
    public var scale: UInt8

    /// Makes a sum from its parts.
    @inlinable
    public init(mantissa: Int128, scale: UInt8) {
        self.mantissa = mantissa
        self.scale = scale
    }

    init(_ side: BookSide, _ limit: Int) {
        self.init(mantissa: 0, scale: 0)
        let range = (side.high - min(limit, side.count))..<side.high
        for place in range where side.entries[place].sizeScale > scale {
            scale = side.entries[place].sizeScale
        }
        for place in range {
            let entry = side.entries[place]
            add(entry.size, shift: Int(scale - entry.sizeScale))
        }
    }

    private mutating func add(_ size: Int64, shift: Int) {
        var addend = Int128(size)
        var left = shift
        while left > 0 {
            // 2^63 · 10^18 < 2^127: the first step cannot overflow, the second (scales above 18) may.
            let step = min(left, 18)
            let (product, over) = addend.multipliedReportingOverflow(by: Int128(PowersOfTen.int64(step)))
            addend = over ? .max : product
            left -= step
        }
        let (sum, over) = mantissa.addingReportingOverflow(addend)
        mantissa = over ? .max : sum
    }
}
