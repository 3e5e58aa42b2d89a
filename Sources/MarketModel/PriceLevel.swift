/// The new total size at a price; size zero deletes the level.
///
/// Price and size keep the digits they had on the wire, packed into 24 bytes.
@frozen
public struct PriceLevel: Sendable {
    @usableFromInline var priceMantissa: Int64
    @usableFromInline var sizeMantissa: Int64
    /// From the lowest byte on: the scales of price and size, and the zeros omitted from each.
    public let digits: UInt32

    /// Makes a level.
    @inlinable
    public init(price: FixedDecimal, size: FixedDecimal) {
        priceMantissa = price.mantissa
        sizeMantissa = size.mantissa
        digits =
            UInt32(price.scale) | UInt32(size.scale) &<< 8 | UInt32(price.zeros) &<< 16 | UInt32(size.zeros)
            &<< 24
    }

    /// Makes a level from the parts of ``digits``.
    @inlinable
    public init(price: Int64, size: Int64, digits: UInt32) {
        (priceMantissa, sizeMantissa, self.digits) = (price, size, digits)
    }

    /// The price, in quote.
    @inlinable
    public var price: FixedDecimal {
        FixedDecimal(
            mantissa: priceMantissa,
            scale: UInt8(truncatingIfNeeded: digits),
            zeros: UInt8(truncatingIfNeeded: digits &>> 16)
        )
    }

    /// The total size resting at the price: base, or quote on inverse markets.
    @inlinable
    public var size: FixedDecimal {
        FixedDecimal(
            mantissa: sizeMantissa,
            scale: UInt8(truncatingIfNeeded: digits &>> 8),
            zeros: UInt8(truncatingIfNeeded: digits &>> 24)
        )
    }
}
