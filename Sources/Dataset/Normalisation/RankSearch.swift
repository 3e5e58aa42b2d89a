/// Finds values of given ranks exactly in 8 passes over data that is never held in memory.
///
/// Doubles map to integers of the same order; each pass counts one further byte of those that match the
/// result so far.
struct RankSearch: Sendable {
    private var prefix: UInt64 = 0
    private var rank: Int
    private var digit = 0
    private var counts = [Int](repeating: 0, count: 256)

    /// Searches for the value at `rank` in ascending order, from 0.
    init(rank: Int) { self.rank = rank }

    static let passes = 8

    /// Adds a value of the current pass.
    mutating func add(_ value: Double) {
        let key = RankSearch.key(value)
        let known = 64 - digit * 8
        if digit > 0, key >> UInt64(known) != prefix { return }
        counts[Int((key >> UInt64(known - 8)) & 0xff)] += 1
    }

    /// Ends a pass.
    mutating func endPass() {
        var byte = 0
        while byte < 255, rank >= counts[byte] {
            rank -= counts[byte]
            byte += 1
        }
        prefix = prefix << 8 | UInt64(byte)
        digit += 1
        for index in counts.indices { counts[index] = 0 }
    }

    /// The value, after all passes.
    var value: Double {
        Double(bitPattern: prefix >> 63 == 1 ? prefix & ~(1 << 63) : ~prefix)
    }

    /// Integers in the order of their doubles.
    static func key(_ value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
}
