/// Finds values of given ranks in data that is read again and again but never held: exact, in 8 passes.
///
/// Doubles are mapped to integers of the same order; each pass counts one further byte of those that agree with
/// the wanted value so far.
struct RankSearch: Sendable {
    private var prefix: UInt64 = 0
    private var rank: Int
    private var digit = 0
    private var counts = [Int](repeating: 0, count: 256)

    /// Looks for the value with `rank` smaller or equal ones before it.
    init(rank: Int) { self.rank = rank }

    static let passes = 8

    /// Takes a value of the pass at hand.
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
