/// Portable random draws: xoshiro256** seeded by SplitMix64.
///
/// Doubles are only added, multiplied, divided, rooted and compared (each exactly rounded by IEEE 754);
/// logarithm and exponential are built on those, because the C library's results depend on the processor.
/// Sources: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators".
struct SimulationRandom: Sendable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    /// Starts a stream; streams of one seed with different names are independent.
    init(seed: UInt64, stream: String) {
        var mix = seed
        for byte in stream.utf8 { mix = (mix ^ UInt64(byte)) &* 0x100_0000_01b3 }
        func splitMix() -> UInt64 {
            mix = mix &+ 0x9e37_79b9_7f4a_7c15
            var word = (mix ^ (mix >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
        (a, b, c, d) = (splitMix(), splitMix(), splitMix(), splitMix() | 1)
    }

    mutating func next() -> UInt64 {
        let scrambled = rotate(b &* 5, 7) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = rotate(d, 45)
        return scrambled
    }

    private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
        (word << count) | (word >> (64 - count))
    }

    /// A number in 0..<1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number in 0..<bound; `bound` must be positive.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

    mutating func chance(_ probability: Double) -> Bool { probability > 0 && unit() < probability }

    /// An exponentially distributed number of mean 1.
    mutating func exponential() -> Double { -PortableMath.logarithm(1 - unit()) }

    /// A normally distributed number of mean 0 and variance 1, by Marsaglia's polar method.
    mutating func normal() -> Double {
        while true {
            let (x, y) = (2 * unit() - 1, 2 * unit() - 1)
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            return x * (-2 * PortableMath.logarithm(square) / square).squareRoot()
        }
    }

    /// An exponentially distributed whole number.
    mutating func exponential(mean: Double) -> Int64 { Int64(exponential() * mean) }
}
