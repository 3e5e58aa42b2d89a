import MarketModel

/// Levels of books in few bytes: a price step and a size as variable-length integers, scales where they
/// change.
///
/// About 6 bytes a level where ``PriceLevel`` takes 24.
struct PackedLevels: Sendable {
    private var bytes: [UInt8] = []

    /// Where the next levels will begin.
    var end: Int { bytes.count }

    /// Appends levels; they are read back by ``read(_:at:into:)`` from ``end`` as it was before.
    mutating func append(_ levels: [PriceLevel]) {
        var previous = FixedDecimal.zero
        var sizeScale: UInt8 = 0
        for level in levels {
            let (price, size) = (level.price, level.size)
            let step = PackedLevels.zigzag(price.mantissa &- previous.mantissa)
            let newScales = price.scale != previous.scale || size.scale != sizeScale
            bytes.append(newScales ? 1 : 0)
            if newScales {
                bytes.append(price.scale)
                bytes.append(size.scale)
            }
            put(step)
            put(PackedLevels.zigzag(size.mantissa))
            previous = price
            sizeScale = size.scale
        }
    }

    /// Reads `count` levels that begin at `place` to the end of `levels`; returns where they end.
    func read(_ count: Int, at place: Int, into levels: inout [PriceLevel]) -> Int {
        var place = place
        var price = FixedDecimal.zero
        var size = FixedDecimal.zero
        for _ in 0..<count {
            let newScales = bytes[place] == 1
            place += 1
            if newScales {
                price.scale = bytes[place]
                size.scale = bytes[place + 1]
                place += 2
            }
            price.mantissa &+= PackedLevels.unzigzag(take(&place))
            size.mantissa = PackedLevels.unzigzag(take(&place))
            levels.append(PriceLevel(price: price, size: size))
        }
        return place
    }

    /// Copies the bytes from `start` up to `end` of another.
    mutating func append(_ other: borrowing PackedLevels, _ range: Range<Int>) {
        bytes.append(contentsOf: other.bytes[range])
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func put(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private func take(_ place: inout Int) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

    private static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
