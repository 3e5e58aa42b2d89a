/// The counters of the channels of each session, from file to file.
///
/// A recorder counts on across its files, so frames missing between two files show at the seam.
struct SessionCounters {
    private var last: [UInt32?] = []
    /// Frames missing between files.
    private(set) var missingFrames: UInt64 = 0

    /// The place of a new counter.
    mutating func add() -> Int {
        last.append(nil)
        return last.count - 1
    }

    /// Notes the first frame that a file has of a channel.
    mutating func begin(_ counter: Int, _ sequence: UInt32) {
        if let before = last[counter] {
            let step = sequence &- before
            // A step over half the circle is another order of files, not two thousand million frames.
            if step > 1, step < 1 << 31 { missingFrames += UInt64(step - 1) }
        }
        last[counter] = sequence
    }

    /// Notes a further frame.
    mutating func note(_ counter: Int, _ sequence: UInt32) { last[counter] = sequence }
}
