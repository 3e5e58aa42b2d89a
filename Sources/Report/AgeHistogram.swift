/// A histogram of ages with 32 buckets per octave: quantiles are at most 3.2 % too long.
package struct AgeHistogram: Sendable {
    /// How many ages.
    package private(set) var count = 0
    /// The greatest, exactly, nanoseconds.
    package private(set) var greatest: Int64 = 0
    /// Empty until the first age.
    private var counts: [Int] = []

    private static let steps = 32
    private static let size = 60 * steps

    /// A histogram without ages.
    package init() {}

    /// Adds an age, nanoseconds.
    package mutating func add(_ age: Int64) {
        if counts.isEmpty { counts = Array(repeating: 0, count: Self.size) }
        count += 1
        greatest = max(greatest, age)
        counts[Self.bucket(of: UInt64(max(0, age)))] += 1
    }

    /// The age that `part` of `whole` ages do not exceed, nanoseconds; nil without ages.
    package func quantile(_ part: Int, of whole: Int) -> Int64? {
        guard count > 0 else { return nil }
        let rank = (Int128(count) * Int128(part) + Int128(whole) - 1) / Int128(whole)
        var sum = 0
        for (index, number) in counts.enumerated() {
            sum += number
            if sum > 0, Int128(sum) >= rank { return min(Self.end(of: index), greatest) }
        }
        return greatest
    }

    private static func bucket(of age: UInt64) -> Int {
        guard age >= UInt64(steps) else { return Int(age) }
        let exponent = 63 - age.leadingZeroBitCount
        return (exponent - 4) * steps + Int(age >> UInt64(exponent - 5)) & (steps - 1)
    }

    /// The greatest age of a bucket.
    private static func end(of index: Int) -> Int64 {
        guard index >= steps else { return Int64(index) }
        let shift = index / steps - 1
        let start = UInt64(steps + index % steps) << UInt64(shift)
        return Int64(clamping: start + (1 << UInt64(shift)) - 1)
    }
}
