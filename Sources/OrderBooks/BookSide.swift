public import MarketModel

/// One side of a book: keys in ascending order whose last element is the best, sizes beside them.
///
/// A key is the price's mantissa at the book's scale, negated on the ask side, so that on both sides the
/// greater key is the better price and one code serves both. The best few hundred levels lie in `low..<high`
/// of a flat storage with room at both ends: an insertion or a deletion moves the shorter part, which makes
/// changes near the top and at the edge of the venue's window cheap. What a book has beyond them lies in
/// ``DeepLevels``, whose greatest key is below all of the flat ones: on a whole book of tens of thousands of
/// levels one change in ten is thousands of levels down.
@usableFromInline
struct BookSide: Sendable {
    /// Size, and the scales and left-out zeros that price and size had on the wire.
    @usableFromInline
    struct Entry: Sendable, BitwiseCopyable {
        @usableFromInline var size: Int64
        /// As in ``PriceLevel/digits``: the scale of the price, from the eighth bit on that of the size.
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

        /// What free places hold.
        static var none: Entry { Entry(size: 0, scales: 0) }
    }

    /// What all levels since the side was last emptied have in common.
    ///
    /// Nearly always it is their scales: then none is kept a level, and sums need nothing but the sizes.
    @usableFromInline
    struct Traits: Sendable {
        /// Every bit that any size has.
        var bits: UInt64 = 0
        /// The scales of the first, as in ``Entry``; ``unset`` before it.
        @usableFromInline var scales: UInt32 = Traits.unset
        /// Whether others have other scales, so that each level has scales of its own.
        @usableFromInline var hasMixedScales = false

        /// No scale is so great.
        static let unset: UInt32 = .max

        /// Whether a level's scales are not what all have had in common so far: ``add(scales:)`` first.
        @inline(__always)
        func introducesScale(_ added: UInt32) -> Bool { !hasMixedScales && added != scales }

        /// Notes scales that are news: they are the first, or from now on all levels have scales of their own.
        mutating func add(scales added: UInt32) {
            hasMixedScales = scales != Traits.unset
            if !hasMixedScales { scales = added }
        }

        /// Takes a level's size.
        @inline(__always)
        mutating func add(_ size: Int64) { bits |= UInt64(bitPattern: size) }

        /// Whether `count` sizes of one scale can be added as they are, in 64 bits.
        @inline(__always)
        func sumFitsInt64(_ count: Int) -> Bool { !hasMixedScales && count <= 128 && bits >> 56 == 0 }
    }

    /// How many levels the flat part holds: after a message never more than `most`, of which `kept` stay when
    /// there are, and never fewer than `least` while there are deep ones.
    ///
    /// Nearly all that is read of a book are its best fifty levels; venues' windows of 200 stay flat.
    private static let flat = (least: 64, kept: 160, most: 320)

    @usableFromInline var keys: [Int64]
    @usableFromInline var sizes: [Int64]
    /// As long as the others, but of no meaning while all scales are the same.
    @usableFromInline var scales: [UInt32]
    @usableFromInline var low: Int
    @usableFromInline var high: Int
    @usableFromInline var traits = Traits()
    @usableFromInline var deep: DeepLevels

    init() {
        keys = []
        sizes = []
        scales = []
        low = 0
        high = 0
        deep = DeepLevels()
    }

    /// All levels.
    @inlinable
    var count: Int { high - low + deep.count }

    /// Whether a level may have digits on the wire that its mantissas leave out.
    var mayLackZeros: Bool {
        traits.hasMixedScales || traits.scales >> 16 != 0 && traits.scales != Traits.unset
    }

    /// The levels of the flat part.
    @inlinable
    var flatCount: Int { high - low }

    /// The best key; only if the side is not empty.
    @inlinable
    var bestKey: Int64 { keys[high - 1] }

    mutating func removeAll() {
        traits = Traits()
        low = keys.count / 2
        high = low
        deep.removeAll()
    }

    /// Keeps the best `depth` levels.
    mutating func cut(toDepth depth: Int) {
        let excess = count - depth
        guard excess > 0 else { return }
        let fromDeep = min(excess, deep.count)
        if fromDeep > 0 { deep.removeWorst(fromDeep) }
        low += excess - fromDeep
    }

    /// Makes room for `more` insertions at either end, so that the loop over a message never grows.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if low >= more, keys.count - high >= more { return }
        recentre(more)
    }

    /// Moves the live levels to the middle, in larger storage only if there is too little of it.
    @inline(never)
    private mutating func recentre(_ more: Int) {
        let live = flatCount
        // An eighth of the live levels free at each end beyond the need: moving costs amortised O(1) an
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
        // Safe: both ranges lie in the storage, which `recentre` made long enough; they may overlap.
        guard let base = storage.baseAddress else { return }
        (base + start).update(from: base + from, count: count)
    }

    // MARK: - Between the flat part and the deep one

    /// Whether ``balance()`` has something to do.
    @inline(__always)
    var isUnbalanced: Bool {
        flatCount > BookSide.flat.most || flatCount < BookSide.flat.least && deep.count > 0
    }

    /// After a message: moves levels so that the flat part holds the best few hundred again.
    ///
    /// Cost: amortised O(1) an insertion or deletion, for what is moved is a good part of the flat ones.
    @inline(never)
    mutating func balance() {
        if flatCount > BookSide.flat.most {
            let spilled = low..<(high - BookSide.flat.kept)
            // Held apart, not copied: `deep` cannot be changed while all of the side is read.
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
    }
}

// MARK: - Reading

extension BookSide {
    /// Appends the best `limit` levels to `levels`, best first, with the digits of the wire.
    @inlinable
    @inline(__always)
    func copyBest(_ limit: Int, isAsk: Bool, scale: UInt8, into levels: inout [PriceLevel]) {
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

    /// The best level; nil if there is none.
    @inline(__always)
    func best(isAsk: Bool, scale: UInt8) -> PriceLevel? {
        count > 0 ? level(at: 0, isAsk: isAsk, scale: scale) : nil
    }

    /// The level at a place, 0 = the best.
    @inlinable
    @inline(__always)
    func level(at index: Int, isAsk: Bool, scale: UInt8) -> PriceLevel {
        guard index < flatCount else { return deepLevel(at: index, isAsk: isAsk, scale: scale) }
        let found = high &- 1 &- index
        return BookSide.level(keys[found], entry(at: found), isAsk: isAsk, scale: scale)
    }

    /// The size and the scales at a place of the flat part.
    @inlinable
    @inline(__always)
    func entry(at index: Int) -> Entry {
        Entry(size: sizes[index], scales: traits.hasMixedScales ? scales[index] : traits.scales)
    }

    @usableFromInline
    @inline(never)
    func deepLevel(at index: Int, isAsk: Bool, scale: UInt8) -> PriceLevel {
        let (key, entry) = deep.level(at: index - flatCount)
        return BookSide.level(key, entry, isAsk: isAsk, scale: scale)
    }

    @inlinable
    @inline(__always)
    static func level(_ key: Int64, _ entry: Entry, isAsk: Bool, scale: UInt8) -> PriceLevel {
        let key = isAsk ? 0 &- key : key
        // The level was accepted at its own scale and is exact at the book's: neither way can fail.
        let mantissa =
            entry.priceScale == scale
            ? key
            : FixedDecimal(mantissa: key, scale: scale).mantissa(atScale: entry.priceScale) ?? key
        return PriceLevel(price: mantissa, size: entry.size, digits: entry.scales)
    }
}
