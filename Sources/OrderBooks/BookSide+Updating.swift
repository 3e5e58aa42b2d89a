import MarketModel

extension BookSide {
    /// Applies levels in order; the book's scale is already fine enough for all of them.
    ///
    /// Throws at the first level that cannot be; those before it stay applied.
    @inline(__always)
    mutating func apply(
        _ levels: Span<PriceLevel>,
        negated: Bool,
        scale: UInt8
    ) throws(OrderBookError) {
        guard !levels.isEmpty else { return }
        reserve(levels.count)
        var fault: OrderBookError?
        var index = applyFlat(levels, from: 0, negated, scale, &fault)
        while index < levels.count, fault == nil {
            fault = applyDeep(levels[index], negated, scale)
            index = applyFlat(levels, from: index + 1, negated, scale, &fault)
        }
        if isUnbalanced { balance() }
        if let fault { throw fault }
    }

    /// Applies levels up to the first that belongs to the deep part or cannot be; returns its index.
    @inline(__always)
    private mutating func applyFlat(
        _ levels: Span<PriceLevel>,
        from start: Int,
        _ negated: Bool,
        _ scale: UInt8,
        _ fault: inout OrderBookError?
    ) -> Int {
        var cursor = BookSideCursor(low: low, high: high, sizes: sizes, deepest: deep.bestKey)
        var index = start
        keys.withUnsafeMutableBufferPointer { keys in
            entries.withUnsafeMutableBufferPointer { entries in
                // Safe: both are as long as `reserve` made them, not empty, and every insertion takes
                // one of the places it left free at either end.
                guard let keys = keys.baseAddress, let entries = entries.baseAddress else { return }
                while index < levels.count, fault == nil {
                    guard cursor.apply(levels[index], negated, scale, keys, entries, &fault) else { return }
                    index += 1
                }
            }
        }
        low = cursor.low
        high = cursor.high
        sizes = cursor.sizes
        return index
    }

    /// Applies a level that is not better than the best of the deep ones.
    @inline(never)
    private mutating func applyDeep(
        _ level: PriceLevel,
        _ negated: Bool,
        _ scale: UInt8
    ) -> OrderBookError? {
        let (price, size) = (level.price, level.size)
        guard let scaled = price.mantissa(atScale: scale) else { return .unrepresentable(price) }
        if size.mantissa < 0 { return .negativeSize(size) }
        let key = negated ? 0 &- scaled : scaled
        if size.mantissa == 0 {
            deep.remove(key)
        } else {
            sizes.add(size)
            deep.set(key, Entry(size: size.mantissa, priceScale: price.scale, sizeScale: size.scale))
        }
        return nil
    }
}

/// The live range of a side while a message is applied to its storage.
struct BookSideCursor {
    var low: Int
    var high: Int
    var sizes: BookSide.SizeTraits
    /// The best key of the deep part: what is not above it belongs there.
    let deepest: Int64

    typealias Keys = UnsafeMutablePointer<Int64>
    typealias Entries = UnsafeMutablePointer<BookSide.Entry>

    /// Applies a level; false if it belongs to the deep part.
    @inline(__always)
    mutating func apply(
        _ level: PriceLevel,
        _ negated: Bool,
        _ scale: UInt8,
        _ keys: Keys,
        _ entries: Entries,
        _ fault: inout OrderBookError?
    ) -> Bool {
        let (price, size) = (level.price, level.size)
        var key = price.mantissa
        if price.scale != scale {
            guard let scaled = price.mantissa(atScale: scale) else {
                fault = .unrepresentable(price)
                return true
            }
            key = scaled
        }
        if negated { key = 0 &- key }
        // The least key is never deep: without deep levels `deepest` is that very key.
        if key <= deepest, key != .min { return false }
        let place = lowerBound(of: key, keys)
        let found = place < high && keys[place] == key
        if size.mantissa > 0 {
            sizes.add(size)
            let target = found ? place : open(at: place, key, keys, entries)
            entries[target] = BookSide.Entry(
                size: size.mantissa,
                priceScale: price.scale,
                sizeScale: size.scale
            )
        } else if size.mantissa < 0 {
            fault = .negativeSize(size)
        } else if found {
            close(at: place, keys, entries)
        }
        return true
    }

    /// The first place whose key is not below `key`, or `high`.
    @inline(__always)
    private func lowerBound(of key: Int64, _ keys: Keys) -> Int {
        var base = low
        var count = high - low
        if count == 0 { return low }
        // Most changes are near the top: look only there if the key belongs there.
        if count > 64, keys[high - 33] < key {
            base = high - 32
            count = 32
        }
        while count > 1 {
            let half = count >> 1
            // Arithmetic instead of a branch: which half is a coin toss.
            base &+= keys[base &+ half &- 1] < key ? half : 0
            count &-= half
        }
        return base &+ (keys[base] < key ? 1 : 0)
    }

    /// Makes a gap for a new level by moving the shorter part; returns where it is.
    @inline(__always)
    private mutating func open(at place: Int, _ key: Int64, _ keys: Keys, _ entries: Entries) -> Int {
        var gap = place
        if high - place <= place - low {
            (keys + place + 1).update(from: keys + place, count: high - place)
            (entries + place + 1).update(from: entries + place, count: high - place)
            high += 1
        } else {
            (keys + low - 1).update(from: keys + low, count: place - low)
            (entries + low - 1).update(from: entries + low, count: place - low)
            low -= 1
            gap -= 1
        }
        keys[gap] = key
        return gap
    }

    @inline(__always)
    private mutating func close(at place: Int, _ keys: Keys, _ entries: Entries) {
        if high - place <= place - low {
            (keys + place).update(from: keys + place + 1, count: high - place - 1)
            (entries + place).update(from: entries + place + 1, count: high - place - 1)
            high -= 1
        } else {
            (keys + low + 1).update(from: keys + low, count: place - low)
            (entries + low + 1).update(from: entries + low, count: place - low)
            low += 1
        }
    }
}
