/// What a channel's counter says of frames that are missing, frame by frame.
struct CounterOrder {
    /// What a counter that does not follow the one before comes to.
    struct Jump: Equatable {
        /// Whether the counter is right again behind one frame: then it was wrong in that frame, and the jump before
        /// this one means no missing frames either.
        var isRightAgain: Bool
        /// Frames missing between the two.
        var missing: UInt64
        /// Frames that the jump before this one seemed to miss, and that were not missing.
        var withdrawn: UInt64
    }

    /// The counter last taken.
    private(set) var last: UInt32
    /// Whether `last` did not follow the counter before it.
    private var isBehindJump = false
    /// If so: that counter, and how many frames seemed missing between them.
    private var before: UInt32 = 0
    private var missing: UInt64 = 0

    /// Begins with a channel's first frame, before which nothing is missing.
    init(_ first: UInt32) { last = first }

    /// Takes the counter of the next frame if it follows, and so did the one before; else does nothing.
    @inline(__always)
    mutating func follows(_ sequence: UInt32) -> Bool {
        guard sequence == last &+ 1, !isBehindJump else { return false }
        last = sequence
        return true
    }

    /// Takes the counter of the next frame; nil if it follows.
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
        // A step over half the circle goes back: a restarted counter, not two thousand million frames.
        missing = isRightAgain || step == 0 || step >= 1 << 31 ? 0 : UInt64(step - 1)
        before = last
        last = sequence
        isBehindJump = true
        return Jump(isRightAgain: isRightAgain, missing: missing, withdrawn: withdrawn)
    }
}
