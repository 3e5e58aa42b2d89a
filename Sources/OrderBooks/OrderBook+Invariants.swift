extension OrderBook {
    /// Whether both sides are strictly sorted, hold only positive sizes and lie within their storage.
    ///
    /// Cost: O(levels). With the compile flag `ATELIER_CHECK_INVARIANTS`, set in builds for
    /// debugging, every message is followed by it.
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
        guard deep.invariantsHold, !isUnbalanced else { return false }
        for index in low..<high {
            if sizes[index] <= 0 || keys[index] <= deep.bestKey { return false }
            if index > low, keys[index - 1] >= keys[index] { return false }
        }
        return scalesHold
    }

    /// Whether a side with levels knows their scales, and while all have the same the deep ones have them too.
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
