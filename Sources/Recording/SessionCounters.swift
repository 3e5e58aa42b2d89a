/// The counters of the channels of each session, from frame to frame and from file to file.
///
/// A recorder counts on across its files, so frames missing from the log show as a step, within a file and at a seam.
public struct SessionCounters: Sendable {
    @usableFromInline var last: [UInt32] = []
    private var hasBegun: [Bool] = []
    /// Frames missing between files; those within a file are its reader's to count.
    public private(set) var missingFrames: UInt64 = 0

    /// No counters yet.
    public init() {}

    /// The place of a new counter.
    public mutating func add() -> Int {
        last.append(0)
        hasBegun.append(false)
        return last.count - 1
    }

    /// Takes the first frame that a file has of a channel; how many frames are missing before it.
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

    /// Takes a further frame; how many frames are missing before it.
    @inlinable @inline(__always)
    public mutating func follow(_ counter: Int, _ sequence: UInt32) -> UInt64 {
        let step = sequence &- last[counter]
        last[counter] = sequence
        // A step over half the circle is another order of files, not two thousand million frames.
        return step > 1 && step < 1 << 31 ? UInt64(step - 1) : 0
    }
}
