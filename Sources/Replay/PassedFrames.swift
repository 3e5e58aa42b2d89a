/// How many frames of a file were passed, and a mark of their times, numbers and lengths, which tells files apart.
struct PassedFrames {
    private(set) var count = 0
    private(set) var mark: UInt64 = 0

    /// None so far.
    init() {}

    /// Those of an earlier reading.
    init(count: Int, mark: UInt64) { (self.count, self.mark) = (count, mark) }

    /// Adds a frame by its receive time, its number on its channel and its length.
    @inline(__always)
    mutating func add(_ time: Int64, _ number: UInt32, _ length: Int) {
        let facts = UInt64(bitPattern: time) ^ UInt64(number) << 32 ^ UInt64(length)
        mark = (mark ^ facts) &* 0x9e37_79b9_7f4a_7c15 ^ mark >> 29
        count &+= 1
    }
}
