public import MarketModel

/// One side of a book: keys in ascending order, the best last, with their sizes.
///
/// A key is the price's mantissa at the book's scale, negated on the ask side: on both sides the greater
/// key is the better price.
///
/// The better levels are in `low..<high` of a flat storage with room at both ends, so that changes near the top are
/// cheap; of a side of many levels on a dense grid they are in a ``TickLadder``. The worse ones are in ``DeepLevels``.
@usableFromInline
struct BookSide: Sendable {
    /// A size, with the scales and omitted zeros that price and size had on the wire.
    @usableFromInline
    struct Entry: Sendable, BitwiseCopyable {
        @usableFromInline var size: Int64
        /// As in ``PriceLevel/digits``: the scale of the price, then from bit 8 on that of the size.
        @usableFromInline var scales: UInt32

        @inlinable
        init(size: Int64, scales: UInt32) {
            self.size = size
            self.scales = scales
        }

        @inlinable
        var priceScale: UInt8 { UInt8(truncatingIfNeeded: scales) }

        /// The size with the digits of the wire.
        @inlinable
        var decimalSize: FixedDecimal { PriceLevel(price: 0, size: size, digits: scales).size }

        /// The content of free elements.
        static var none: Entry { Entry(size: 0, scales: 0) }
    }

    /// What all levels since the side was last emptied share.
    ///
    /// Nearly always they share their scales: then no level keeps its own, and sums need only the sizes.
    @usableFromInline
    struct Traits: Sendable {
        /// The union of the bits of all sizes.
        var bits: UInt64 = 0
        /// The scales of the first level, as in ``Entry``; ``unset`` before it.
        @usableFromInline var scales: UInt32 = Traits.unset
        /// Whether levels differ in scales, so that each keeps its own.
        @usableFromInline var hasMixedScales = false

        /// Greater than any scale.
        static let unset: UInt32 = .max

        /// Whether a level's scales are not what all have had in common so far: ``add(scales:)`` first.
        @inline(__always)
        func introducesScale(_ added: UInt32) -> Bool { !hasMixedScales && added != scales }

        /// Records new scales: the first ones, or those from which on each level keeps its own.
        mutating func add(scales added: UInt32) {
            hasMixedScales = scales != Traits.unset
            if !hasMixedScales { scales = added }
        }

        /// Adds a level's size.
        @inline(__always)
        mutating func add(_ size: Int64) { bits |= UInt64(bitPattern: size) }

        /// Whether the sum of `count` sizes of one scale fits 64 bits.
        @inline(__always)
        func sumFitsInt64(_ count: Int) -> Bool { !hasMixedScales && count <= 128 && bits >> 56 == 0 }
    }

    /// The size of the flat part after a message: at most `most`, then reduced to `kept`, and at least
    /// `least` while there are deep levels.
    ///
    /// Readers rarely need more than the best fifty levels; venues' windows of 200 stay flat.
    private static let flat = (least: 64, kept: 160, most: 320)

    @usableFromInline var keys: [Int64]
    @usableFromInline var sizes: [Int64]
    /// As long as the other arrays, but unused while all scales are equal.
    @usableFromInline var scales: [UInt32]
    @usableFromInline var low: Int
    @usableFromInline var high: Int
    @usableFromInline var traits = Traits()
    @usableFromInline var deep: DeepLevels
    @usableFromInline var ladder = TickLadder()
    /// False once the side has been cut to a depth: then it stays sorted, so that its worst level is at hand.
    var mayHaveLadder = true

    init() {
        keys = []
        sizes = []
        scales = []
        low = 0
        high = 0
        deep = DeepLevels()
    }

    /// The number of levels.
    @inlinable
    var count: Int { high - low + deep.count + ladder.count }

    /// Whether a level may have had digits on the wire that its mantissas omit.
    var mayLackZeros: Bool {
        traits.hasMixedScales || traits.scales >> 16 != 0 && traits.scales != Traits.unset
    }

    /// The number of levels in the flat part.
    @inlinable
    var flatCount: Int { high - low }

    /// The best key.
    ///
    /// Precondition: the side is not empty.
    @inlinable
    var bestKey: Int64 { ladder.isActive ? ladder.bestKey : keys[high - 1] }

    mutating func removeAll() {
        traits = Traits()
        low = keys.count / 2
        high = low
        deep.removeAll()
        ladder.deactivate()
    }

    /// Keeps the best `depth` levels.
    mutating func cut(toDepth depth: Int) {
        let excess = count - depth
        guard excess > 0 else { return }
        dissolveLadder()
        mayHaveLadder = false
        let fromDeep = min(excess, deep.count)
        if fromDeep > 0 { deep.removeWorst(fromDeep) }
        low += excess - fromDeep
        balanceIfDue()
    }

    /// Makes room for `more` insertions at either end, so that the loop over a message never grows.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if low >= more, keys.count - high >= more { return }
        recentre(more)
    }

    /// Moves the live levels to the middle, growing the storage only if it is too small.
    @inline(never)
    private mutating func recentre(_ more: Int) {
        let live = flatCount
        // An eighth of the live levels free at each end beyond the need makes moving amortised O(1) an
        // insertion.
        let least = more + max(8, live / 8)
        if keys.count - live < 2 * least { grow(to: live + 2 * (max(32, live / 2) + more)) }
        let start = (keys.count - live) / 2
        keys.withUnsafeMutableBufferPointer { BookSide.move(low, live, to: start, in: $0) }
        sizes.withUnsafeMutableBufferPointer { BookSide.move(low, live, to: start, in: $0) }
        scales.withUnsafeMutableBufferPointer { BookSide.move(low, live, to: start, in: $0) }
        low = start
        high = start + live
    }

    private mutating func grow(to size: Int) {
        keys.append(contentsOf: repeatElement(0, count: size - keys.count))
        sizes.append(contentsOf: repeatElement(0, count: size - sizes.count))
        scales.append(contentsOf: repeatElement(0, count: size - scales.count))
    }

    private static func move<Element>(
        _ from: Int,
        _ count: Int,
        to start: Int,
        in storage: UnsafeMutableBufferPointer<Element>
    ) {
        // Safe: both ranges are in the storage, which `recentre` made long enough; they may overlap.
        guard let base = storage.baseAddress else { return }
        (base + start).update(from: base + from, count: count)
    }

    // MARK: - Between the flat part and the deep one

    /// Whether ``balance()`` is due.
    @inline(__always)
    var isUnbalanced: Bool {
        flatCount > BookSide.flat.most
            || flatCount + ladder.count < BookSide.flat.least && deep.count > 0
    }

    @inline(__always)
    mutating func balanceIfDue() {
        if isUnbalanced { balance() }
    }

    /// After a message, moves levels between the parts so that the better one holds at least the best few dozen.
    ///
    /// Cost: amortised O(1) an insertion or deletion.
    @inline(never)
    mutating func balance() {
        dissolveLadder()
        if flatCount > BookSide.flat.most {
            if makeLadder(dense: BookSide.flat.kept) { return }
            let spilled = low..<(high - BookSide.flat.kept)
            // Bound to locals, not copied, because `deep` cannot change while the whole side is read.
            let (sizes, scales, traits) = (sizes, scales, traits)
            deep.append(spilled, of: keys) { index in
                Entry(size: sizes[index], scales: traits.hasMixedScales ? scales[index] : traits.scales)
            }
            low = spilled.upperBound
        }
        while flatCount < BookSide.flat.kept, deep.count > 0 {
            reserve(DeepLevels.capacity)
            let best = deep.bestIndexes
            low -= best.count
            for index in 0..<best.count {
                let entry = deep.entries[best.lowerBound + index]
                keys[low + index] = deep.keys[best.lowerBound + index]
                sizes[low + index] = entry.size
                scales[low + index] = entry.scales
            }
            deep.dropBest()
        }
    }

    // MARK: - Keys at another scale

    /// Whether 64 bits hold every key multiplied by `factor`.
    func holds(_ factor: Int64) -> Bool {
        for index in low..<high where keys[index].multipliedReportingOverflow(by: factor).overflow {
            return false
        }
        return deep.holds(factor)
    }

    /// Multiplies all keys by a factor that ``holds(_:)``.
    mutating func rescale(by factor: Int64) {
        for index in low..<high { keys[index] *= factor }
        deep.rescale(by: factor)
        balanceIfDue()
    }
}

// MARK: - Reading

extension BookSide {
    /// Appends the best `limit` levels to `levels`, best first, with the digits of the wire.
    @inlinable
    @inline(__always)
    func copyBest(_ limit: Int, isAsk: Bool, scale: UInt8, into levels: inout [PriceLevel]) {
        if ladder.isActive { return copyLadder(limit, isAsk: isAsk, scale: scale, into: &levels) }
        let count = min(limit, flatCount)
        let best = (high - count)..<high
        let (keys, sizes, scales) = (
            keys.span.extracting(best), sizes.span.extracting(best), self.scales.span.extracting(best)
        )
        let (hasMixedScales, common) = (traits.hasMixedScales, traits.scales)
        levels.append(addingCapacity: count) { output in
            var index = count
            while index > 0 {
                index &-= 1
                // Safe: the spans have `count` elements.
                let entry = Entry(
                    size: sizes[unchecked: index],
                    scales: hasMixedScales ? scales[unchecked: index] : common
                )
                output.append(BookSide.level(keys[unchecked: index], entry, isAsk: isAsk, scale: scale))
            }
        }
        if limit > count, deep.count > 0 {
            deep.copyBest(limit - count, isAsk: isAsk, scale: scale, into: &levels)
        }
    }

    /// The number of levels at `price` or better, at most `limit`.
    ///
    /// Cost: a binary search; with a ladder a pass over the pages of the levels counted.
    func count(to price: FixedDecimal, isAsk: Bool, scale: UInt8, limit: Int) -> Int {
        // A price that the scale does not hold is above all keys.
        let mantissa = price.mantissa(atScale: scale) ?? .max
        let key = isAsk ? 0 &- mantissa : mantissa
        if ladder.isActive {
            let found = ladder.count(notBelow: key, limit: limit)
            return found < ladder.count ? found : min(found + deep.count(notBelow: key), limit)
        }
        var (first, left) = (low, flatCount)
        while left > 0 {
            let half = left / 2
            let isWorse = keys[first + half] < key
            first += isWorse ? half + 1 : 0
            left = isWorse ? left - half - 1 : half
        }
        return min(limit, high - first + (first == low ? deep.count(notBelow: key) : 0))
    }

    /// The best level; nil if there is none.
    @inline(__always)
    func best(isAsk: Bool, scale: UInt8) -> PriceLevel? {
        count > 0 ? level(at: 0, isAsk: isAsk, scale: scale) : nil
    }

    /// The level at an index, 0 = the best.
    @inlinable
    @inline(__always)
    func level(at index: Int, isAsk: Bool, scale: UInt8) -> PriceLevel {
        guard index < flatCount else { return deepLevel(at: index, isAsk: isAsk, scale: scale) }
        let found = high &- 1 &- index
        return BookSide.level(keys[found], entry(at: found), isAsk: isAsk, scale: scale)
    }

    /// The size and scales at an index of the flat part.
    @inlinable
    @inline(__always)
    func entry(at index: Int) -> Entry {
        Entry(size: sizes[index], scales: traits.hasMixedScales ? scales[index] : traits.scales)
    }

    @usableFromInline
    @inline(never)
    func deepLevel(at index: Int, isAsk: Bool, scale: UInt8) -> PriceLevel {
        if index < ladder.count {
            let (key, size) = ladder.level(at: index)
            return BookSide.level(key, Entry(size: size, scales: traits.scales), isAsk: isAsk, scale: scale)
        }
        let (key, entry) = deep.level(at: index - flatCount - ladder.count)
        return BookSide.level(key, entry, isAsk: isAsk, scale: scale)
    }

    @inlinable
    @inline(__always)
    static func level(_ key: Int64, _ entry: Entry, isAsk: Bool, scale: UInt8) -> PriceLevel {
        let key = isAsk ? 0 &- key : key
        // Cannot fail: the level was accepted at its own scale and is exact at the book's.
        let mantissa =
            entry.priceScale == scale
            ? key
            : FixedDecimal(mantissa: key, scale: scale).mantissa(atScale: entry.priceScale) ?? key
        return PriceLevel(price: mantissa, size: entry.size, digits: entry.scales)
    }
}
