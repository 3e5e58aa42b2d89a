public import MarketModel

/// One side of a book: prices in an ascending array of integer keys whose last element is the best,
/// sizes beside them.
///
/// A key is the price's mantissa at the book's scale, negated on the ask side, so that on both sides the
/// greater key is the better price and one code serves both. The live levels lie in `low..<high` of the
/// storage with room at both ends: an insertion or a deletion moves the shorter part, which makes
/// changes near the top and at the edge of the venue's window cheap, however deep the book.
@usableFromInline
struct BookSide: Sendable {
    /// Size and the scales price and size had on the wire.
    @usableFromInline
    struct Entry: Sendable, BitwiseCopyable {
        @usableFromInline var size: Int64
        /// The scale of the price, and from the eighth bit on that of the size: two whole words, so that
        /// sums over many entries can be taken in vectors.
        @usableFromInline var scales: UInt64

        @inlinable
        init(size: Int64, priceScale: UInt8, sizeScale: UInt8) {
            self.size = size
            scales = UInt64(priceScale) | UInt64(sizeScale) << 8
        }

        @inlinable
        var priceScale: UInt8 { UInt8(truncatingIfNeeded: scales) }

        @inlinable
        var sizeScale: UInt8 { UInt8(truncatingIfNeeded: scales >> 8) }
    }

    /// What all sizes since the side was last emptied have in common: nearly always sums need no more.
    struct SizeTraits: Sendable {
        /// Every bit that any of them has.
        var bits: UInt64 = 0
        /// The scale of the first; 255 before it.
        var scale: UInt8 = 255
        /// Not 0 if another had another scale.
        var mixed: UInt8 = 0

        @inline(__always)
        mutating func add(_ size: FixedDecimal) {
            bits |= UInt64(bitPattern: size.mantissa)
            if scale == 255 { scale = size.scale }
            mixed |= size.scale ^ scale
        }

        /// Whether `count` sizes can be added as they are, in 64 bits.
        func areSummable(_ count: Int) -> Bool { mixed == 0 && count <= 128 && bits >> 56 == 0 }
    }

    @usableFromInline var keys: [Int64]
    @usableFromInline var entries: [Entry]
    @usableFromInline var low: Int
    @usableFromInline var high: Int
    var sizes = SizeTraits()

    init() {
        keys = []
        entries = []
        low = 0
        high = 0
    }

    @inlinable
    var count: Int { high - low }

    /// The best key; only if the side is not empty.
    @inlinable
    var bestKey: Int64 { keys[high - 1] }

    mutating func removeAll() {
        sizes = SizeTraits()
        low = keys.count / 2
        high = low
    }

    /// Keeps the best `depth` levels.
    mutating func cut(toDepth depth: Int) {
        if count > depth { low = high - depth }
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
        let live = count
        // An eighth of the live levels free at each end beyond the need: moving costs amortised O(1) an
        // insertion.
        let least = more + max(8, live / 8)
        if keys.count - live < 2 * least { grow(to: live + 2 * (max(32, live / 2) + more)) }
        let start = (keys.count - live) / 2
        keys.withUnsafeMutableBufferPointer { BookSide.move(low, live, to: start, in: $0) }
        entries.withUnsafeMutableBufferPointer { BookSide.move(low, live, to: start, in: $0) }
        low = start
        high = start + live
    }

    private mutating func grow(to size: Int) {
        keys.append(contentsOf: repeatElement(0, count: size - keys.count))
        let empty = Entry(size: 0, priceScale: 0, sizeScale: 0)
        entries.append(contentsOf: repeatElement(empty, count: size - entries.count))
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

    /// Whether 64 bits hold every key multiplied by `factor`.
    func holds(_ factor: Int64) -> Bool {
        for place in low..<high where keys[place].multipliedReportingOverflow(by: factor).overflow {
            return false
        }
        return true
    }

    /// Multiplies all keys by a factor that ``holds(_:)``.
    mutating func rescale(by factor: Int64) {
        for place in low..<high { keys[place] *= factor }
    }

    /// Appends the best `limit` levels to `levels`, best first, with the digits of the wire.
    @inlinable
    @inline(__always)
    func copyBest(_ limit: Int, negated: Bool, scale: UInt8, into levels: inout [PriceLevel]) {
        let count = min(limit, self.count)
        let best = (high - count)..<high
        let (keys, entries) = (keys.span.extracting(best), entries.span.extracting(best))
        levels.append(addingCapacity: count) { output in
            var place = count
            while place > 0 {
                place &-= 1
                // Safe: both spans have `count` elements.
                let (key, entry) = (keys[unchecked: place], entries[unchecked: place])
                output.append(BookSide.level(key, entry, negated: negated, scale: scale))
            }
        }
    }

    /// The level at a place of the storage.
    @inlinable
    func level(at place: Int, negated: Bool, scale: UInt8) -> PriceLevel {
        BookSide.level(keys[place], entries[place], negated: negated, scale: scale)
    }

    @inlinable
    @inline(__always)
    static func level(_ key: Int64, _ entry: Entry, negated: Bool, scale: UInt8) -> PriceLevel {
        let key = negated ? 0 &- key : key
        // The level was accepted at its own scale and is exact at the book's: neither way can fail.
        let mantissa =
            entry.priceScale == scale
            ? key
            : FixedDecimal(mantissa: key, scale: scale).mantissa(atScale: entry.priceScale) ?? key
        return PriceLevel(
            price: FixedDecimal(mantissa: mantissa, scale: entry.priceScale),
            size: FixedDecimal(mantissa: entry.size, scale: entry.sizeScale)
        )
    }
}
