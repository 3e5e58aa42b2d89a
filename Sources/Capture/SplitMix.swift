/// SplitMix64, which is good enough for jitter.
struct SplitMix: Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// A random number in 0..<1.
    mutating func fraction() -> Double {
        state = state &+ 0x9e37_79b9_7f4a_7c15
        var word = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
    }
}
