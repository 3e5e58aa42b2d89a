import MarketModel

extension BookSide {
    /// Applies levels in order; the book's scale is already fine enough for all of them.
    ///
    /// Throws at the first level that cannot be; those before it stay applied.
    @inline(__always)
    mutating func apply(
        _ levels: Span<PriceLevel>,
        isAsk: Bool,
        scale: UInt8
    ) throws(OrderBookError) {
        guard !levels.isEmpty else { return }
        reserve(levels.count)
        var fault: OrderBookError?
        var index = 0
        while true {
            // Twice, each with a constant: what is done for mixed scales costs nothing where there are none.
            index =
                traits.hasMixedScales
                ? applyFlat(levels, from: index, isAsk, scale, &fault, hasMixedScales: true)
                : applyFlat(levels, from: index, isAsk, scale, &fault, hasMixedScales: false)
            guard index < levels.count, fault == nil else { break }
            if recordScales(of: levels[index]) { continue }
            fault = applyDeep(levels[index], isAsk, scale)
            index += 1
        }
        if isUnbalanced { balance() }
        if let fault { throw fault }
    }

    /// Applies levels up to the first that belongs to the deep part, has scales that are news or cannot be; returns its
    /// index.
    @inline(__always)
    private mutating func applyFlat(
        _ levels: Span<PriceLevel>,
        from start: Int,
        _ isAsk: Bool,
        _ scale: UInt8,
        _ fault: inout OrderBookError?,
        hasMixedScales: Bool
    ) -> Int {
        var cursor = BookSideCursor(low: low, high: high, traits: traits, deepest: deep.bestKey)
        var index = start
        keys.withUnsafeMutableBufferPointer { keys in
            sizes.withUnsafeMutableBufferPointer { sizes in
                scales.withUnsafeMutableBufferPointer { scales in
                    // Safe: all are as long as `reserve` made them, not empty, and every insertion takes
                    // one of the places it left free at either end.
                    guard let storage = BookSideStorage(keys, sizes, scales, hasMixedScales) else { return }
                    while index < levels.count, fault == nil {
                        guard cursor.apply(levels[index], isAsk, scale, storage, &fault) else { return }
                        index += 1
                    }
                }
            }
        }
        low = cursor.low
        high = cursor.high
        traits = cursor.traits
        return index
    }

    /// Notes the scales of a level that is to be set, if they are news; whether they were.
    ///
    /// Unless they are the first, every level gets those that all have had in common so far.
    @inline(never)
    private mutating func recordScales(of level: PriceLevel) -> Bool {
        let own = level.digits
        guard level.size.mantissa > 0, traits.introducesScale(own) else { return false }
        traits.add(scales: own)
        if traits.hasMixedScales {
            for position in low..<high { scales[position] = traits.scales }
        }
        return true
    }

    /// Applies a level that is not better than the best of the deep ones.
    @inline(never)
    private mutating func applyDeep(
        _ level: PriceLevel,
        _ isAsk: Bool,
        _ scale: UInt8
    ) -> OrderBookError? {
        let (price, size) = (level.price, level.size)
        guard let scaled = price.mantissa(atScale: scale) else { return .unrepresentable(price) }
        if size.mantissa < 0 { return .negativeSize(size) }
        let key = isAsk ? 0 &- scaled : scaled
        if size.mantissa == 0 {
            deep.remove(key)
        } else {
            traits.add(size.mantissa)
            deep.set(key, Entry(size: size.mantissa, scales: level.digits))
        }
        return nil
    }
}

/// The storage of a side while a message is applied to it.
struct BookSideStorage {
    let keys: UnsafeMutablePointer<Int64>
    let sizes: UnsafeMutablePointer<Int64>
    let scales: UnsafeMutablePointer<UInt32>
    /// Whether levels have scales of their own.
    let hasMixedScales: Bool

    /// Nil if there is none.
    @inline(__always)
    init?(
        _ keys: UnsafeMutableBufferPointer<Int64>,
        _ sizes: UnsafeMutableBufferPointer<Int64>,
        _ scales: UnsafeMutableBufferPointer<UInt32>,
        _ hasMixedScales: Bool
    ) {
        guard let keys = keys.baseAddress, let sizes = sizes.baseAddress, let scales = scales.baseAddress
        else { return nil }
        self.keys = keys
        self.sizes = sizes
        self.scales = scales
        self.hasMixedScales = hasMixedScales
    }

    /// Moves `count` levels; their scales only if they have them.
    @inline(__always)
    func move(_ from: Int, to start: Int, count: Int) {
        (keys + start).update(from: keys + from, count: count)
        (sizes + start).update(from: sizes + from, count: count)
        if hasMixedScales { (scales + start).update(from: scales + from, count: count) }
    }
}

/// The live range of a side while a message is applied to its storage.
struct BookSideCursor {
    var low: Int
    var high: Int
    var traits: BookSide.Traits
    /// The best key of the deep part: what is not above it belongs there.
    let deepest: Int64

    /// Applies a level; false if it belongs to the deep part or its scales are news.
    @inline(__always)
    mutating func apply(
        _ level: PriceLevel,
        _ isAsk: Bool,
        _ scale: UInt8,
        _ storage: BookSideStorage,
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
        if isAsk { key = 0 &- key }
        // The least key is never deep: without deep levels `deepest` is that very key.
        if key <= deepest, key != .min { return false }
        let position = lowerBound(of: key, storage.keys)
        let found = position < high && storage.keys[position] == key
        if size.mantissa > 0 {
            let own = level.digits
            if !storage.hasMixedScales, own != traits.scales { return false }
            traits.add(size.mantissa)
            let target = found ? position : open(at: position, key, storage)
            storage.sizes[target] = size.mantissa
            if storage.hasMixedScales { storage.scales[target] = own }
        } else if size.mantissa < 0 {
            fault = .negativeSize(size)
        } else if found {
            close(at: position, storage)
        }
        return true
    }

    /// The first place whose key is not below `key`, or `high`.
    @inline(__always)
    private func lowerBound(of key: Int64, _ keys: UnsafeMutablePointer<Int64>) -> Int {
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
    private mutating func open(at position: Int, _ key: Int64, _ storage: BookSideStorage) -> Int {
        var gap = position
        if high - position <= position - low {
            storage.move(position, to: position + 1, count: high - position)
            high += 1
        } else {
            storage.move(low, to: low - 1, count: position - low)
            low -= 1
            gap -= 1
        }
        storage.keys[gap] = key
        return gap
    }

    @inline(__always)
    private mutating func close(at position: Int, _ storage: BookSideStorage) {
        if high - position <= position - low {
            storage.move(position + 1, to: position, count: high - position - 1)
            high -= 1
        } else {
            storage.move(low, to: low + 1, count: position - low)
            low += 1
        }
    }
}
