package import MarketModel

/// Derives missing frames from a channel's counter, frame by frame.
package struct CounterOrder: Equatable, Sendable {
    /// The meaning of a counter that does not follow the previous one.
    struct Jump: Equatable {
        /// Whether a single wrong counter explains both this jump and the previous one; then no frames are
        /// missing.
        var isRightAgain: Bool
        /// Frames missing between the two counters.
        var missing: UInt64
        /// Frames counted as missing at the previous jump that were not.
        var withdrawn: UInt64
    }

    /// The last counter.
    private(set) var last: UInt32
    /// Whether `last` did not follow the counter before it.
    private var isBehindJump = false
    /// If so, that counter and the number of frames that seemed missing between them.
    private var before: UInt32 = 0
    private var missing: UInt64 = 0

    /// Begins with a channel's first frame, before which nothing is missing.
    init(_ first: UInt32) { last = first }

    /// Advances if the next frame's counter follows, and the last one did; otherwise changes nothing.
    @inline(__always)
    mutating func follows(_ sequence: UInt32) -> Bool {
        guard sequence == last &+ 1, !isBehindJump else { return false }
        last = sequence
        return true
    }

    /// Advances to the next frame's counter; nil if it follows the last one.
    mutating func advance(to sequence: UInt32) -> Jump? {
        if sequence != last &+ 1 { return countJump(sequence) }
        last = sequence
        isBehindJump = false
        return nil
    }

    private mutating func countJump(_ sequence: UInt32) -> Jump {
        let step = sequence &- last
        let isRightAgain = isBehindJump && sequence == before &+ 2
        let withdrawn = isRightAgain ? missing : 0
        // A step of more than half the range is a restarted counter, not two billion missing frames.
        missing = isRightAgain || step == 0 || step >= 1 << 31 ? 0 : UInt64(step - 1)
        before = last
        last = sequence
        isBehindJump = true
        return Jump(isRightAgain: isRightAgain, missing: missing, withdrawn: withdrawn)
    }
}

extension CounterOrder: StateElement {
    package static var blank: CounterOrder { CounterOrder(0) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("last", &last)
        try coder.packed("isBehindJump", &isBehindJump)
        try coder.packed("before", &before)
        try coder.packed("missing", &missing)
    }
}
