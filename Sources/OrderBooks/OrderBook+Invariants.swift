extension OrderBook {
    /// Whether both sides are strictly sorted, have only positive sizes and are within their storage.
    ///
    /// Cost: O(levels). Debug builds (`ATELIER_CHECK_INVARIANTS`) check it after every message.
    package var invariantsHold: Bool { bidSide.invariantsHold && askSide.invariantsHold }

    @inline(__always)
    func checkInvariants() {
        #if ATELIER_CHECK_INVARIANTS
        precondition(invariantsHold, "a book side is out of order")
        #endif
    }
}

extension BookSide {
    fileprivate var invariantsHold: Bool {
        guard 0 <= low, low <= high, high <= keys.count else { return false }
        guard keys.count == sizes.count, keys.count == scales.count else { return false }
        guard deep.invariantsHold, !isUnbalanced, ladder.invariantsHold else { return false }
        if ladder.isActive {
            guard flatCount == 0, mayHaveLadder, !traits.hasMixedScales else { return false }
            guard deep.count == 0 || deep.bestKey < ladder.lowest * ladder.step else { return false }
        }
        for index in low..<high {
            if sizes[index] <= 0 || keys[index] <= deep.bestKey { return false }
            if index > low, keys[index - 1] >= keys[index] { return false }
        }
        return scalesHold
    }

    /// Whether a side with levels knows their scales and, if all share them, the deep levels do too.
    private var scalesHold: Bool {
        if count > 0, traits.scales == Traits.unset { return false }
        if traits.hasMixedScales { return true }
        var hold = true
        deep.forEachBest(deep.count) { _, entry in
            if entry.scales != traits.scales { hold = false }
        }
        return hold
    }
}
