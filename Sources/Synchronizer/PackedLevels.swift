import MarketModel

/// A compact sequence of book sides, each stored as its difference from the one before.
///
/// A side is a list of runs: levels copied from the side before, levels skipped, and new ones as a price
/// step and a size of variable length, with scales where they change.
struct PackedLevels: Sendable {
    private enum Run {
        static let copied: UInt64 = 0
        static let left: UInt64 = 1
        static let new: UInt64 = 2
    }

    /// The most bytes a level takes: two run lengths (10 bytes each), scales (3), price and size (10 each).
    private static let levelLimit = 43

    private var bytes: [UInt8] = []

    /// The offset at which the next side will begin.
    var end: Int { bytes.count }

    /// Appends a side, best first; reading it back needs the same `old`.
    mutating func append(_ levels: [PriceLevel], after old: [PriceLevel], isBid: Bool) {
        let (new, old) = (levels.span, old.span)
        bytes.append(addingCapacity: new.count * PackedLevels.levelLimit) { output in
            PackedLevels.pack(new, after: old, isBid, into: &output)
        }
    }

    /// Reads a side of `count` levels that begins at `index`; returns where it ends.
    func read(_ count: Int, at index: Int, after old: [PriceLevel], into levels: inout [PriceLevel]) -> Int {
        var input = PackedInput(bytes: bytes.span, index: index)
        let old = old.span
        levels.append(addingCapacity: count) { output in
            PackedLevels.unpack(count, from: &input, after: old, into: &output)
        }
        return input.index
    }

    /// Removes the bytes before `index`; later offsets shift by as much.
    mutating func removeFirst(_ index: Int) { bytes.removeFirst(index) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    // MARK: - Runs

    private static func pack(
        _ new: Span<PriceLevel>,
        after old: Span<PriceLevel>,
        _ isBid: Bool,
        into output: inout OutputSpan<UInt8>
    ) {
        var (index, oldIndex) = (0, 0)
        while index < new.count {
            let copied = common(new, index, old, oldIndex)
            if copied > 0 {
                append(UInt64(copied) << 2 | Run.copied, into: &output)
                (index, oldIndex) = (index + copied, oldIndex + copied)
                continue
            }
            // Old levels at or better than the next new price are gone or changed.
            var left = oldIndex
            while left < old.count, !isBetter(new[index].price, old[left].price, isBid) { left += 1 }
            if left > oldIndex, left < old.count {
                append(UInt64(left - oldIndex) << 2 | Run.left, into: &output)
            }
            oldIndex = left
            let count = newRun(new, index, old, oldIndex, isBid)
            append(UInt64(count) << 2 | Run.new, into: &output)
            putLevels(new, index..<(index + count), into: &output)
            index += count
        }
    }

    private static func unpack(
        _ count: Int,
        from input: inout PackedInput,
        after old: Span<PriceLevel>,
        into output: inout OutputSpan<PriceLevel>
    ) {
        var oldIndex = 0
        let end = output.count + count
        while output.count < end {
            let run = input.readValue()
            let length = Int(run >> 2)
            switch run & 3 {
            case Run.copied:
                for index in oldIndex..<(oldIndex + length) { output.append(old[index]) }
                oldIndex += length
            case Run.left: oldIndex += length
            default: readLevels(length, from: &input, into: &output)
            }
        }
    }

    @inline(__always)
    private static func common(
        _ new: Span<PriceLevel>,
        _ index: Int,
        _ old: Span<PriceLevel>,
        _ oldIndex: Int
    ) -> Int {
        let limit = min(new.count - index, old.count - oldIndex)
        var count = 0
        while count < limit, isSame(new[index + count], old[oldIndex + count]) { count += 1 }
        return count
    }

    /// How many levels from `index` on come before the next old one; at least one.
    private static func newRun(
        _ new: Span<PriceLevel>,
        _ index: Int,
        _ old: Span<PriceLevel>,
        _ oldIndex: Int,
        _ isBid: Bool
    ) -> Int {
        guard oldIndex < old.count else { return new.count - index }
        var count = 1
        while index + count < new.count, isBetter(new[index + count].price, old[oldIndex].price, isBid) {
            count += 1
        }
        return count
    }

    @inline(__always)
    private static func isSame(_ left: PriceLevel, _ right: PriceLevel) -> Bool {
        // Branch-free: nearly always all four are equal.
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
        _ indexes: Range<Int>,
        into output: inout OutputSpan<UInt8>
    ) {
        var previous = FixedDecimal.zero
        var sizeScale: UInt8 = 0
        for index in indexes {
            let (price, size) = (levels[index].price, levels[index].size)
            let newScales = price.scale != previous.scale || size.scale != sizeScale
            output.append(newScales ? 1 : 0)
            if newScales {
                output.append(price.scale)
                output.append(size.scale)
            }
            append(zigzag(price.mantissa &- previous.mantissa), into: &output)
            append(zigzag(size.mantissa), into: &output)
            previous = price
            sizeScale = size.scale
        }
    }

    private static func readLevels(
        _ count: Int,
        from input: inout PackedInput,
        into output: inout OutputSpan<PriceLevel>
    ) {
        var price = FixedDecimal.zero
        var size = FixedDecimal.zero
        for _ in 0..<count {
            if input.readByte() == 1 {
                price.scale = input.readByte()
                size.scale = input.readByte()
            }
            price.mantissa &+= unzigzag(input.readValue())
            size.mantissa = unzigzag(input.readValue())
            output.append(PriceLevel(price: price, size: size))
        }
    }

    @inline(__always)
    private static func append(_ value: UInt64, into output: inout OutputSpan<UInt8>) {
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

/// A cursor over packed bytes.
private struct PackedInput: ~Escapable {
    let bytes: Span<UInt8>
    var index: Int

    @_lifetime(copy bytes)
    init(bytes: Span<UInt8>, index: Int) {
        self.bytes = bytes
        self.index = index
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readByte() -> UInt8 {
        let byte = bytes[index]
        index += 1
        return byte
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readValue() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = readByte()
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }
}
