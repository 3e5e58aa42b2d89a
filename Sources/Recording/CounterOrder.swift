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
    /// The counter before `last` where that one did not follow it, and how many frames seemed missing between them.
    private var jump: (before: UInt32, missing: UInt64)?

    /// Begins with a channel's first frame, before which nothing is missing.
    init(_ first: UInt32) { last = first }

    /// Takes the counter of the next frame; nil if it follows.
    @inline(__always)
    mutating func take(_ sequence: UInt32) -> Jump? {
        guard sequence == last &+ 1 else { return takeJump(sequence) }
        last = sequence
        jump = nil
        return nil
    }

    private mutating func takeJump(_ sequence: UInt32) -> Jump {
        let step = sequence &- last
        let isRightAgain = jump.map { sequence == $0.before &+ 2 } ?? false
        // A step over half the circle goes back: a restarted counter, not two thousand million frames.
        let missing = isRightAgain || step == 0 || step >= 1 << 31 ? 0 : UInt64(step - 1)
        let withdrawn = isRightAgain ? jump?.missing ?? 0 : 0
        jump = (last, missing)
        last = sequence
        return Jump(isRightAgain: isRightAgain, missing: missing, withdrawn: withdrawn)
    }
}
