public import MarketModel

/// A side whose better part is a ladder.
extension BookSide {
    /// Hands the levels to the ladder if they are on a grid, dense near the best and share their scales.
    ///
    /// Cost: O(levels). Returns whether the side is one with a ladder now.
    @inline(never)
    mutating func makeLadder(dense: Int) -> Bool {
        guard mayHaveLadder, !traits.hasMixedScales, flatCount > dense else { return false }
        var (keys, sizes): ([Int64], [Int64]) = ([], [])
        keys.reserveCapacity(count)
        sizes.reserveCapacity(count)
        deep.forEachBest(deep.count) { key, entry in
            keys.append(key)
            sizes.append(entry.size)
        }
        keys.reverse()
        sizes.reverse()
        keys.append(contentsOf: self.keys[low..<high])
        sizes.append(contentsOf: self.sizes[low..<high])
        guard let left = ladder.take(keys, sizes, dense: dense) else { return false }
        low = self.keys.count / 2
        high = low
        deep.removeAll()
        appendDeep(keys, sizes, left)
        return true
    }

    /// Moves the ladder's levels to the flat part.
    @inline(never)
    mutating func dissolveLadder() {
        guard ladder.isActive else { return }
        var (keys, sizes): ([Int64], [Int64]) = ([], [])
        ladder.appendAll(to: &keys, &sizes)
        ladder.deactivate()
        reserve(keys.count)
        high = low + keys.count
        for index in keys.indices {
            self.keys[low + index] = keys[index]
            self.sizes[low + index] = sizes[index]
            scales[low + index] = traits.scales
        }
    }

    /// Appends the first `count` levels, ascending, all better than the deep part.
    private mutating func appendDeep(_ keys: [Int64], _ sizes: [Int64], _ count: Int) {
        let scales = traits.scales
        deep.append(0..<count, of: keys) { Entry(size: sizes[$0], scales: scales) }
    }

    /// Applies levels to the ladder, and to the deep part below it; returns the index of the first that the side
    /// cannot take with a ladder.
    @inline(__always)
    mutating func applyLadder(
        _ levels: Span<PriceLevel>,
        from start: Int,
        _ isAsk: Bool,
        _ scale: UInt8,
        _ fault: inout OrderBookError?
    ) -> Int {
        var index = start
        // Keys are at the book's scale: with coarser prices each level is converted.
        let scales = UInt8(truncatingIfNeeded: traits.scales) == scale ? traits.scales : Traits.unset
        while true {
            index = ladder.apply(levels, from: index, isAsk: isAsk, scales: scales, bits: &traits.bits)
            guard index < levels.count else { return index }
            let below = applyBelow(levels, from: index, isAsk, scales)
            guard below == index else {
                index = below
                continue
            }
            guard applyByPlace(levels[index], isAsk, scale, &fault) else { return index }
            index += 1
        }
    }

    /// Applies levels with the side's own scales up to the first that is not below the ladder; returns its index.
    @inline(never)
    private mutating func applyBelow(
        _ levels: Span<PriceLevel>,
        from start: Int,
        _ isAsk: Bool,
        _ scales: UInt32
    ) -> Int {
        var index = start
        while index < levels.count {
            let (level, size) = (levels[index], levels[index].size.mantissa)
            let key = isAsk ? 0 &- level.price.mantissa : level.price.mantissa
            guard level.hasScales(scales), size >= 0, key < ladder.lowestKey else { break }
            deep.setOrRemove(key, Entry(size: size, scales: scales))
            traits.add(size)
            index += 1
        }
        return index
    }

    /// Applies one level; returns false if the ladder has to go first, or the level is invalid.
    @inline(never)
    private mutating func applyByPlace(
        _ level: PriceLevel,
        _ isAsk: Bool,
        _ scale: UInt8,
        _ fault: inout OrderBookError?
    ) -> Bool {
        let (price, size) = (level.price, level.size)
        if size.mantissa > 0, traits.introducesScale(level.digits) { return false }
        guard let scaled = price.mantissa(atScale: scale), size.mantissa >= 0 else {
            fault = size.mantissa < 0 ? .negativeSize(size) : .unrepresentable(price)
            return false
        }
        let key = isAsk ? 0 &- scaled : scaled
        switch ladder.place(of: key) {
        case .below:
            deep.setOrRemove(key, Entry(size: size.mantissa, scales: level.digits))
            traits.add(size.mantissa)
        case .between:
            return size.mantissa == 0
        case .above:
            guard size.mantissa > 0 else { return true }
            return raiseLadder(to: key) && applyByPlace(level, isAsk, scale, &fault)
        case .tick(let tick):
            ladder.set(tick, size.mantissa)
            traits.add(size.mantissa)
        }
        return true
    }

    private mutating func raiseLadder(to key: Int64) -> Bool {
        var (keys, sizes): ([Int64], [Int64]) = ([], [])
        guard ladder.raise(to: key, { (keys, sizes) = ($0, $1) }) else { return false }
        appendDeep(keys, sizes, keys.count)
        return true
    }
}

extension PriceLevel {
    /// Whether the digits are these; of a deletion only those of the price count.
    @inline(__always)
    func hasScales(_ scales: UInt32) -> Bool {
        (digits ^ scales) & (size.mantissa == 0 ? 0xff : .max) == 0
    }
}

// MARK: - Reading

extension BookSide {
    /// Appends the best `limit` levels of a side with a ladder to `levels`, best first, with the digits of the wire.
    @usableFromInline
    @inline(never)
    func copyLadder(_ limit: Int, isAsk: Bool, scale: UInt8, into levels: inout [PriceLevel]) {
        let scales = traits.scales
        levels.reserveCapacity(levels.count + min(limit, count))
        ladder.forEachBest(limit) { key, size in
            levels.append(BookSide.level(key, Entry(size: size, scales: scales), isAsk: isAsk, scale: scale))
        }
        if limit > ladder.count {
            deep.copyBest(limit - ladder.count, isAsk: isAsk, scale: scale, into: &levels)
        }
    }

    /// The sum of the best `limit` sizes, if they are in the ladder and 64 bits hold it.
    func ladderSum(_ limit: Int) -> Int64? {
        guard limit > 0, limit <= ladder.count, traits.sumFitsInt64(limit) else { return nil }
        var sum: Int64 = 0
        ladder.forEachBest(limit) { _, size in sum &+= size }
        return sum
    }
}
