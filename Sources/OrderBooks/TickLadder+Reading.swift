extension TickLadder {
    /// Calls `body` with the keys and sizes of the best `limit` levels (or all there are), best first.
    @inline(__always)
    func forEachBest(_ limit: Int, _ body: (_ key: Int64, _ size: Int64) -> Void) {
        var left = min(limit, count)
        guard left > 0 else { return }
        let (masks, cells, step) = (masks.span, cells.span, step)
        let (lastPage, lastCell) = (TickLadder.pages &- 1, TickLadder.width &- 1)
        var page = Int(highest)
        while left > 0 {
            // Safe: there are levels, hence storage, and the indexes are cut to its size.
            var mask = masks[unchecked: page & lastPage]
            while mask != 0, left > 0 {
                let bit = 63 &- mask.leadingZeroBitCount
                mask ^= 1 &<< UInt64(truncatingIfNeeded: bit)
                let tick = (page &<< 6) | bit
                body(Int64(tick) &* step, cells[unchecked: tick & lastCell])
                left &-= 1
            }
            page &-= 1
        }
    }

    /// The key and size of the level at an index, 0 = the best.
    ///
    /// Precondition: it exists. Cost: a pass over the pages above it.
    func level(at index: Int) -> (key: Int64, size: Int64) {
        var (page, left) = (highest, index)
        while left >= mask(page).nonzeroBitCount {
            left -= mask(page).nonzeroBitCount
            page -= 1
        }
        var mask = mask(page)
        for _ in 0..<left { mask ^= 1 << UInt64(63 - mask.leadingZeroBitCount) }
        let tick = (page << 6) | Int64(63 - mask.leadingZeroBitCount)
        return (tick * step, cells[Int(truncatingIfNeeded: tick) & (TickLadder.width - 1)])
    }

    /// The best key.
    ///
    /// Precondition: there are levels.
    @usableFromInline
    var bestKey: Int64 {
        ((highest << 6) | Int64(63 - mask(highest).leadingZeroBitCount)) * step
    }

    /// The number of levels whose key is not below `key`, counted no further than `limit`.
    func count(notBelow key: Int64, limit: Int) -> Int {
        var (found, page) = (0, highest)
        while found < limit, page >= lowest >> 6 {
            // The lowest key of a page that lies wholly at or above `key`.
            guard (page << 6) * step < key else {
                found += mask(page).nonzeroBitCount
                page -= 1
                continue
            }
            for bit in 0..<64 where mask(page) >> UInt64(bit) & 1 == 1 {
                found += ((page << 6) | Int64(bit)) * step >= key ? 1 : 0
            }
            break
        }
        return min(found, limit)
    }

    /// Appends a page's levels, ascending.
    func appendPage(_ page: Int64, to keys: inout [Int64], _ sizes: inout [Int64]) {
        var mask = mask(page)
        while mask != 0 {
            let tick = (page << 6) | Int64(mask.trailingZeroBitCount)
            mask &= mask - 1
            keys.append(tick * step)
            sizes.append(cells[Int(truncatingIfNeeded: tick) & (TickLadder.width - 1)])
        }
    }

    /// Appends all levels, ascending.
    func appendAll(to keys: inout [Int64], _ sizes: inout [Int64]) {
        guard count > 0 else { return }
        for page in (lowest >> 6)...highest { appendPage(page, to: &keys, &sizes) }
    }

    /// Whether the count and the best page are those of the masks, and the sizes positive.
    var invariantsHold: Bool {
        guard isActive else { return count == 0 }
        var (total, isPositive) = (0, true)
        forEachBest(count) { _, size in
            total += 1
            isPositive = isPositive && size > 0
        }
        let marked = masks.reduce(0) { $0 + $1.nonzeroBitCount }
        return isPositive && total == count && marked == count && (count == 0 || mask(highest) != 0)
    }

    /// Which ticks of a page have levels.
    @inline(__always)
    func mask(_ page: Int64) -> UInt64 { masks[Int(truncatingIfNeeded: page) & (TickLadder.pages - 1)] }
}
