package import MarketModel

/// Follows the counters of each session's channels from frame to frame and from file to file.
///
/// A recorder's counters continue across its files, so missing frames show as a step within a file or
/// between two.
public struct SessionCounters: Sendable {
    @usableFromInline var last: [UInt32] = []
    private var hasBegun: [Bool] = []
    /// Frames missing between files; those within a file are counted by its reader.
    public private(set) var missingFrames: UInt64 = 0

    /// No counters yet.
    public init() {}

    /// How many counters there are.
    package var count: Int { last.count }

    /// Adds a counter and returns its index.
    public mutating func add() -> Int {
        last.append(0)
        hasBegun.append(false)
        return last.count - 1
    }

    /// Starts a file's channel with its first frame; returns how many frames are missing before it.
    public mutating func begin(_ counter: Int, _ sequence: UInt32) -> UInt64 {
        guard hasBegun[counter] else {
            last[counter] = sequence
            hasBegun[counter] = true
            return 0
        }
        let missing = follow(counter, sequence)
        missingFrames += missing
        return missing
    }

    /// Advances to a further frame; returns how many frames are missing before it.
    @inlinable @inline(__always)
    public mutating func follow(_ counter: Int, _ sequence: UInt32) -> UInt64 {
        let step = sequence &- last[counter]
        last[counter] = sequence
        // A step of more than half the range is a different file order, not two billion missing frames.
        return step > 1 && step < 1 << 31 ? UInt64(step - 1) : 0
    }
}

extension SessionCounters: StateCodable {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("last", &last)
        try coder.field("hasBegun", &hasBegun)
        try coder.field("missingFrames", &missingFrames)
        guard last.count == hasBegun.count else { throw coder.malformed("counters that do not match") }
    }
}
