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

    /// The most bytes a level takes: a run of it alone and one left out before it (10 bytes each), its scales
    /// (3), price and size (10 each).
    private static let levelLimit = 43

    private var bytes: [UInt8] = []

    /// Where the next side will begin.
    var end: Int { bytes.count }

    /// Appends a side, best first; reading it back takes the same `old`.
    mutating func append(_ levels: [PriceLevel], after old: [PriceLevel], isBid: Bool) {
        let (new, old) = (levels.span, old.span)
        bytes.append(addingCapacity: new.count * PackedLevels.levelLimit) { output in
            PackedLevels.pack(new, after: old, isBid, into: &output)
        }
    }

    /// Reads a side of `count` levels that begins at `place`; returns where it ends.
    func read(_ count: Int, at place: Int, after old: [PriceLevel], into levels: inout [PriceLevel]) -> Int {
        var input = PackedInput(bytes: bytes.span, place: place)
        let old = old.span
        levels.append(addingCapacity: count) { output in
            PackedLevels.unpack(count, from: &input, after: old, into: &output)
        }
        return input.place
    }

    /// Forgets what lies before `place`; places shift by as much.
    mutating func removeFirst(_ place: Int) { bytes.removeFirst(place) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    // MARK: - Runs

    private static func pack(
        _ new: Span<PriceLevel>,
        after old: Span<PriceLevel>,
        _ isBid: Bool,
        into output: inout OutputSpan<UInt8>
    ) {
        var (place, oldPlace) = (0, 0)
        while place < new.count {
            let copied = common(new, place, old, oldPlace)
            if copied > 0 {
                put(UInt64(copied) << 2 | Run.copied, into: &output)
                (place, oldPlace) = (place + copied, oldPlace + copied)
                continue
            }
            // Old levels better than the next new one, or at its price, are gone or changed.
            var left = oldPlace
            while left < old.count, !isBetter(new[place].price, old[left].price, isBid) { left += 1 }
            if left > oldPlace, left < old.count {
                put(UInt64(left - oldPlace) << 2 | Run.left, into: &output)
            }
            oldPlace = left
            let count = newRun(new, place, old, oldPlace, isBid)
            put(UInt64(count) << 2 | Run.new, into: &output)
            putLevels(new, place..<(place + count), into: &output)
            place += count
        }
    }

    private static func unpack(
        _ count: Int,
        from input: inout PackedInput,
        after old: Span<PriceLevel>,
        into output: inout OutputSpan<PriceLevel>
    ) {
        var oldPlace = 0
        let end = output.count + count
        while output.count < end {
            let run = input.take()
            let length = Int(run >> 2)
            switch run & 3 {
            case Run.copied:
                for place in oldPlace..<(oldPlace + length) { output.append(old[place]) }
                oldPlace += length
            case Run.left: oldPlace += length
            default: takeLevels(length, from: &input, into: &output)
            }
        }
    }

    @inline(__always)
    private static func common(
        _ new: Span<PriceLevel>,
        _ place: Int,
        _ old: Span<PriceLevel>,
        _ oldPlace: Int
    ) -> Int {
        let limit = min(new.count - place, old.count - oldPlace)
        var count = 0
        while count < limit, isSame(new[place + count], old[oldPlace + count]) { count += 1 }
        return count
    }

    /// How many levels from `place` on come before the next old one, at least one.
    private static func newRun(
        _ new: Span<PriceLevel>,
        _ place: Int,
        _ old: Span<PriceLevel>,
        _ oldPlace: Int,
        _ isBid: Bool
    ) -> Int {
        guard oldPlace < old.count else { return new.count - place }
        var count = 1
        while place + count < new.count, isBetter(new[place + count].price, old[oldPlace].price, isBid) {
            count += 1
        }
        return count
    }

    @inline(__always)
    private static func isSame(_ left: PriceLevel, _ right: PriceLevel) -> Bool {
        // Without branches: nearly always all four are the same.
        let mantissas =
            (left.price.mantissa ^ right.price.mantissa) | (left.size.mantissa ^ right.size.mantissa)
        let scales = (left.price.scale ^ right.price.scale) | (left.size.scale ^ right.size.scale)
        return mantissas | Int64(scales) == 0
    }

    @inline(__always)
    private static func isBetter(_ left: FixedDecimal, _ right: FixedDecimal, _ isBid: Bool) -> Bool {
        isBid ? left > right : left < right
    }

    // MARK: - Levels

    private static func putLevels(
        _ levels: Span<PriceLevel>,
        _ places: Range<Int>,
        into output: inout OutputSpan<UInt8>
    ) {
        var previous = FixedDecimal.zero
        var sizeScale: UInt8 = 0
        for place in places {
            let (price, size) = (levels[place].price, levels[place].size)
            let newScales = price.scale != previous.scale || size.scale != sizeScale
            output.append(newScales ? 1 : 0)
            if newScales {
                output.append(price.scale)
                output.append(size.scale)
            }
            put(zigzag(price.mantissa &- previous.mantissa), into: &output)
            put(zigzag(size.mantissa), into: &output)
            previous = price
            sizeScale = size.scale
        }
    }

    private static func takeLevels(
        _ count: Int,
        from input: inout PackedInput,
        into output: inout OutputSpan<PriceLevel>
    ) {
        var price = FixedDecimal.zero
        var size = FixedDecimal.zero
        for _ in 0..<count {
            if input.takeByte() == 1 {
                price.scale = input.takeByte()
                size.scale = input.takeByte()
            }
            price.mantissa &+= unzigzag(input.take())
            size.mantissa = unzigzag(input.take())
            output.append(PriceLevel(price: price, size: size))
        }
    }

    @inline(__always)
    private static func put(_ value: UInt64, into output: inout OutputSpan<UInt8>) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

    private static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}

/// Packed bytes and how far they are read.
private struct PackedInput: ~Escapable {
    let bytes: Span<UInt8>
    var place: Int

    @_lifetime(copy bytes)
    init(bytes: Span<UInt8>, place: Int) {
        self.bytes = bytes
        self.place = place
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func takeByte() -> UInt8 {
        let byte = bytes[place]
        place += 1
        return byte
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func take() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = takeByte()
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }
}
