import MarketModel

/// The better part of a side of thousands of levels: a cell a tick, over a window of ticks.
///
/// A change is then one store, wherever it is in the window. The window is a ring, so that it moves without moving
/// levels: the cell of a tick is its lowest bits. A mask a page of 64 ticks says which cells hold a level; the others
/// are not read. Levels below the window are in ``DeepLevels``; all levels have the same scales.
@usableFromInline
struct TickLadder: Sendable {
    /// The number of ticks of the window, a power of two: real messages change levels a fifth of the price away.
    static let width = 262_144
    static let pages = width / 64
    /// How many ticks the best levels of a side may span, for each of them: about two levels a page.
    private static let sparsest: Int64 = 32

    /// Whether it holds the better part of its side.
    @usableFromInline private(set) var isActive = false
    /// The number of levels.
    @usableFromInline private(set) var count = 0
    /// The difference of two ticks' keys.
    private(set) var step: Int64 = 1
    /// 2^63 divided by ``step``: divides keys by multiplying.
    private var reciprocal: UInt64 = 0
    /// The lowest tick of the window, the first of a page, and its key.
    private(set) var lowest: Int64 = 0
    private(set) var lowestKey: Int64 = 0
    /// The page of the best level, or one above it while a message is applied.
    private(set) var highest: Int64 = 0
    private(set) var masks: [UInt64] = []
    private(set) var cells: [Int64] = []

    /// Forgets all levels and hands the side back.
    mutating func deactivate() {
        isActive = false
        count = 0
    }

    // MARK: - Taking over a side

    /// Takes the better of the levels, if they are on a grid and dense on it; returns how many of the worst it left.
    ///
    /// Precondition: the keys are ascending, and there are more than `dense`, whose best decide.
    mutating func take(_ keys: [Int64], _ sizes: [Int64], dense: Int) -> Int? {
        let best = keys[keys.count - 1]
        var common = UInt64(best.magnitude)
        // The best few first: they decide nearly always.
        for key in keys.reversed() {
            common = TickLadder.divisor(common, key.magnitude)
            if common == 1 { break }
        }
        guard let step = Int64(exactly: common) else { return nil }
        let (near, isFar) = best.subtractingReportingOverflow(keys[keys.count - dense])
        guard !isFar, near / step <= Int64(dense) * TickLadder.sparsest else { return nil }
        guard place(best / step, step) else { return nil }
        masks = Array(repeating: 0, count: TickLadder.pages)
        if cells.isEmpty {
            // Safe: a cell is read only once its bit is set, which follows a store to it. So memory is taken only
            // for the ticks that levels were at.
            cells = Array(unsafeUninitializedCapacity: TickLadder.width) { $1 = $0.count }
        }
        (isActive, count) = (true, 0)
        highest = lowest &>> 6
        var left = 0
        for index in keys.indices {
            if keys[index] < lowestKey { left += 1 } else { set(keys[index] / step, sizes[index]) }
        }
        return left
    }

    private static func divisor(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var (greater, less) = (first, second)
        while less != 0 { (greater, less) = (less, greater % less) }
        return greater
    }

    /// Places a window whose upper quarter is above a tick; returns false, changing nothing, if 64 bits do not hold
    /// its keys.
    private mutating func place(_ tick: Int64, _ step: Int64) -> Bool {
        let width = Int64(TickLadder.width)
        let (start, isLowest) = tick.subtractingReportingOverflow(width / 4 * 3)
        let lowest = (start >> 6) << 6
        let (span, isWide) = width.multipliedReportingOverflow(by: step)
        let (key, isLow) = lowest.multipliedReportingOverflow(by: step)
        guard !isLowest, !isWide, !isLow, !key.addingReportingOverflow(span).overflow else { return false }
        (self.lowest, lowestKey, self.step) = (lowest, key, step)
        reciprocal = .max / (2 * UInt64(step)) + 1
        return true
    }

    // MARK: - Changing levels

    /// Where a key lies.
    enum Place {
        case below
        /// Between two ticks.
        case between
        case above
        case tick(Int64)
    }

    /// Where a key lies.
    func place(of key: Int64) -> Place {
        if key < lowestKey { return .below }
        let (tick, rest) = key.quotientAndRemainder(dividingBy: step)
        if rest != 0 { return .between }
        return UInt64(bitPattern: tick &- lowest) < UInt64(TickLadder.width) ? .tick(tick) : .above
    }

    /// Sets the size at a tick of the window; zero deletes its level.
    mutating func set(_ tick: Int64, _ size: Int64) {
        let page = Int(truncatingIfNeeded: tick >> 6) & (TickLadder.pages - 1)
        let bit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: tick & 63)
        count -= masks[page] & bit == 0 ? 0 : 1
        count += size > 0 ? 1 : 0
        masks[page] = size > 0 ? masks[page] | bit : masks[page] & ~bit
        cells[Int(truncatingIfNeeded: tick) & (TickLadder.width - 1)] = size
        if size > 0 { highest = max(highest, tick >> 6) }
        settle()
    }

    /// Applies levels up to the first that it cannot, and returns its index.
    ///
    /// That is one with other scales, outside of the window, between ticks or invalid. Adds the bits of all sizes
    /// to `bits`.
    @inline(__always)
    mutating func apply(
        _ levels: Span<PriceLevel>,
        from start: Int,
        isAsk: Bool,
        scales: UInt32,
        bits: inout UInt64
    ) -> Int {
        let (step, reciprocal, lowestKey) = (UInt64(bitPattern: step), reciprocal, lowestKey)
        let first = Int(truncatingIfNeeded: lowest)
        let span = UInt64(TickLadder.width) &* step
        var (index, added, top, union) = (start, 0, highest, bits)
        masks.withUnsafeMutableBufferPointer { masks in
            cells.withUnsafeMutableBufferPointer { cells in
                // Safe: an active ladder has its storage, and the indexes below are cut to its size.
                guard let masks = masks.baseAddress, let cells = cells.baseAddress else { return }
                let (lastPage, lastCell) = (TickLadder.pages &- 1, TickLadder.width &- 1)
                while index < levels.count {
                    let level = levels[unchecked: index]
                    let size = level.size.mantissa
                    guard level.hasScales(scales), size >= 0 else { return }
                    let key = isAsk ? 0 &- level.price.mantissa : level.price.mantissa
                    let offset = UInt64(bitPattern: key &- lowestKey)
                    let cell = (offset &<< 1).multipliedFullWidth(by: reciprocal).high
                    guard offset < span, cell &* step == offset else { return }
                    let tick = first &+ Int(truncatingIfNeeded: cell)
                    let page = (tick &>> 6) & lastPage
                    let shift = UInt64(truncatingIfNeeded: tick & 63)
                    // Without branches: whether a level is new or goes cannot be predicted.
                    let (old, holds) = (masks[page], size > 0 ? 1 as UInt64 : 0)
                    masks[page] = old & ~(1 &<< shift) | holds &<< shift
                    cells[tick & lastCell] = size
                    added &+= Int(truncatingIfNeeded: holds) &- Int(truncatingIfNeeded: (old &>> shift) & 1)
                    top = max(top, size > 0 ? Int64(tick &>> 6) : .min)
                    union |= UInt64(bitPattern: size)
                    index &+= 1
                }
            }
        }
        (count, highest, bits) = (count + added, top, union)
        settle()
        return index
    }

    /// Finds the best level's page again.
    @inline(__always)
    private mutating func settle() {
        guard count > 0 else {
            highest = lowest &>> 6
            return
        }
        while mask(highest) == 0 { highest -= 1 }
    }

    /// Moves the window up so that it holds a key above it, and hands over the levels that are then below, ascending;
    /// returns false, changing nothing, if 64 bits do not hold the window's keys.
    ///
    /// Precondition: the key is on the grid.
    mutating func raise(to key: Int64, _ spill: (_ keys: [Int64], _ sizes: [Int64]) -> Void) -> Bool {
        let (page, pages) = (lowest >> 6, highest)
        guard place(key / step, step) else { return false }
        var (keys, sizes): ([Int64], [Int64]) = ([], [])
        var number = page
        while number <= pages, number < lowest >> 6 {
            appendPage(number, to: &keys, &sizes)
            masks[Int(truncatingIfNeeded: number) & (TickLadder.pages - 1)] = 0
            number += 1
        }
        count -= keys.count
        highest = max(highest, lowest >> 6)
        settle()
        spill(keys, sizes)
        return true
    }
}
