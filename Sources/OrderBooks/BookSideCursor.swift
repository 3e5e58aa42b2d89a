import MarketModel

/// The live range of a side while a message is applied to its storage.
struct BookSideCursor {
    var low: Int
    var high: Int
    var traits: BookSide.Traits
    /// The best key of the deep part: keys up to it belong there.
    let deepest: Int64

    /// Applies a level; returns false if it belongs to the deep part or introduces a scale.
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
        // The least key is never deep: it is the value of `deepest` without deep levels.
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

    /// The first index whose key is not below `key`, or `high`.
    @inline(__always)
    private func lowerBound(of key: Int64, _ keys: UnsafeMutablePointer<Int64>) -> Int {
        var base = low
        var count = high - low
        if count == 0 { return low }
        // Most changes are near the top: search only there if the key belongs there.
        if count > 64, keys[high - 33] < key {
            base = high - 32
            count = 32
        }
        while count > 1 {
            let half = count >> 1
            // Branch-free: which half it is cannot be predicted.
            base &+= keys[base &+ half &- 1] < key ? half : 0
            count &-= half
        }
        return base &+ (keys[base] < key ? 1 : 0)
    }

    /// Makes room for a new level by moving the shorter part; returns its index.
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
