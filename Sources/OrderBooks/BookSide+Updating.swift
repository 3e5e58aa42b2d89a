import MarketModel

extension BookSide {
    /// Applies levels in order.
    ///
    /// Precondition: the book's scale is fine enough for all of them.
    ///
    /// Throws at the first level that cannot be applied; those before it stay applied.
    @inline(__always)
    mutating func apply(
        _ levels: Span<PriceLevel>,
        isAsk: Bool,
        scale: UInt8
    ) throws(OrderBookError) {
        guard !levels.isEmpty else { return }
        if !ladder.isActive { reserve(levels.count) }
        var fault: OrderBookError?
        var index = 0
        while true {
            if ladder.isActive {
                index = applyLadder(levels, from: index, isAsk, scale, &fault)
                guard index < levels.count, fault == nil else { break }
                dissolveLadder()
                reserve(levels.count)
            }
            // Two calls, each with a constant flag: the common case pays nothing for mixed scales.
            index =
                traits.hasMixedScales
                ? applyFlat(levels, from: index, isAsk, scale, &fault, hasMixedScales: true)
                : applyFlat(levels, from: index, isAsk, scale, &fault, hasMixedScales: false)
            guard index < levels.count, fault == nil else { break }
            if recordScales(of: levels[index]) { continue }
            fault = applyDeep(levels[index], isAsk, scale)
            index += 1
        }
        balanceIfDue()
        if let fault { throw fault }
    }

    /// Applies levels up to the first that belongs to the deep part, introduces a scale or is invalid;
    /// returns its index.
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
                    // Safe: `reserve` made all arrays equally long and not empty, with a free element at
                    // either end for each insertion.
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

    /// Records the scales of a level about to be set; returns whether they are new to the side.
    ///
    /// Unless they are the first, give every level the scales shared so far.
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

    /// Applies a level at or below the best of the deep ones.
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
