/// Random draws that are the same on every machine: xoshiro256** seeded by SplitMix64.
///
/// Doubles are only added, multiplied, divided, rooted and compared (each exactly rounded by IEEE 754); logarithm
/// and exponential are computed here from those, since the C library's differ with the processor.
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

    /// A number in 0..<bound; `bound` is above zero.
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

/// Logarithm and exponential from exactly rounded operations alone; good to about 12 digits.
enum PortableMath {
    private static let ln2 = 0.693_147_180_559_945_3

    /// The natural logarithm of a positive, normal number.
    static func logarithm(_ value: Double) -> Double {
        var (mantissa, exponent) = (value.significand, Double(value.exponent))
        if mantissa > 1.5 {
            mantissa *= 0.5
            exponent += 1
        }
        // ln m = 2 artanh((m − 1) / (m + 1)), its argument within ±0.2.
        let s = (mantissa - 1) / (mantissa + 1)
        let square = s * s
        var sum = 1.0 / 17
        var odd = 15.0
        while odd >= 1 {
            sum = sum * square + 1 / odd
            odd -= 2
        }
        return 2 * s * sum + exponent * ln2
    }

    /// `e^value`.
    static func exponential(_ value: Double) -> Double {
        value < 0 ? decay(-value) : 1 / decay(min(value, 39))
    }

    /// `e^(−value)` for a value of zero or more.
    static func decay(_ value: Double) -> Double {
        guard value < 40 else { return 0 }
        let halvings = (value / ln2).rounded(.down)
        let rest = value - halvings * ln2
        var sum = 1.0
        var divisor = 11.0
        while divisor >= 1 {
            sum = 1 - rest / divisor * sum
            divisor -= 1
        }
        return sum / Double(UInt64(1) << UInt64(halvings))
    }
}
