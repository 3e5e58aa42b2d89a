import MarketModel

/// Sides of books one after the other in few bytes: each as what changed since the one before.
///
/// A side is a list of runs: levels copied from the side before, levels of it left out, and new ones as a
/// price step and a size of variable length, with scales where they change.
struct PackedLevels: Sendable {
    private enum Run {
        static let copied: UInt64 = 0
        static let left: UInt64 = 1
        static let new: UInt64 = 2
    }

    private var bytes: [UInt8] = []

    /// Where the next side will begin.
    var end: Int { bytes.count }

    /// Appends a side, best first; reading it back takes the same `old`.
    mutating func append(_ levels: [PriceLevel], after old: [PriceLevel], isBid: Bool) {
        var (place, oldPlace) = (0, 0)
        while place < levels.count {
            let copied = PackedLevels.common(levels, place, old, oldPlace)
            if copied > 0 {
                put(UInt64(copied) << 2 | Run.copied)
                (place, oldPlace) = (place + copied, oldPlace + copied)
                continue
            }
            // Old levels better than the next new one, or at its price, are gone or changed.
            var left = oldPlace
            while left < old.count, !PackedLevels.isBetter(levels[place].price, old[left].price, isBid) {
                left += 1
            }
            if left > oldPlace, left < old.count { put(UInt64(left - oldPlace) << 2 | Run.left) }
            oldPlace = left
            let count = newRun(levels, place, old, oldPlace, isBid)
            put(UInt64(count) << 2 | Run.new)
            putLevels(levels[place..<(place + count)])
            place += count
        }
    }

    /// Reads a side of `count` levels that begins at `place`; returns where it ends.
    func read(_ count: Int, at place: Int, after old: [PriceLevel], into levels: inout [PriceLevel]) -> Int {
        var place = place
        var oldPlace = 0
        while levels.count < count {
            let run = take(&place)
            let length = Int(run >> 2)
            switch run & 3 {
            case Run.copied:
                levels.append(contentsOf: old[oldPlace..<(oldPlace + length)])
                oldPlace += length
            case Run.left: oldPlace += length
            default: takeLevels(length, &place, into: &levels)
            }
        }
        return place
    }

    /// Forgets what lies before `place`; places shift by as much.
    mutating func removeFirst(_ place: Int) { bytes.removeFirst(place) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    // MARK: - Runs

    private static func common(_ new: [PriceLevel], _ place: Int, _ old: [PriceLevel], _ oldPlace: Int) -> Int
    {
        var count = 0
        while place + count < new.count, oldPlace + count < old.count,
            isSame(new[place + count], old[oldPlace + count])
        {
            count += 1
        }
        return count
    }

    /// How many levels from `place` on come before the next old one, at least one.
    private func newRun(
        _ new: [PriceLevel],
        _ place: Int,
        _ old: [PriceLevel],
        _ oldPlace: Int,
        _ isBid: Bool
    ) -> Int {
        guard oldPlace < old.count else { return new.count - place }
        var count = 1
        while place + count < new.count,
            PackedLevels.isBetter(new[place + count].price, old[oldPlace].price, isBid)
        {
            count += 1
        }
        return count
    }

    private static func isSame(_ left: PriceLevel, _ right: PriceLevel) -> Bool {
        left.price.mantissa == right.price.mantissa && left.size.mantissa == right.size.mantissa
            && left.price.scale == right.price.scale && left.size.scale == right.size.scale
    }

    private static func isBetter(_ left: FixedDecimal, _ right: FixedDecimal, _ isBid: Bool) -> Bool {
        isBid ? left > right : left < right
    }

    // MARK: - Levels

    private mutating func putLevels(_ levels: ArraySlice<PriceLevel>) {
        var previous = FixedDecimal.zero
        var sizeScale: UInt8 = 0
        for level in levels {
            let (price, size) = (level.price, level.size)
            let newScales = price.scale != previous.scale || size.scale != sizeScale
            bytes.append(newScales ? 1 : 0)
            if newScales {
                bytes.append(price.scale)
                bytes.append(size.scale)
            }
            put(PackedLevels.zigzag(price.mantissa &- previous.mantissa))
            put(PackedLevels.zigzag(size.mantissa))
            previous = price
            sizeScale = size.scale
        }
    }

    private func takeLevels(_ count: Int, _ place: inout Int, into levels: inout [PriceLevel]) {
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
    }

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
