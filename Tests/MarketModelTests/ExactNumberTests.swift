import MarketModel
import Testing

/// Wide integers against 128-bit ones, and returns in 64 bits against the same in wide integers.
struct ExactNumberTests {
    private static func random(_ bits: Int, _ random: inout SystemRandomNumberGenerator) -> Int128 {
        let value = Int128(truncatingIfNeeded: UInt128(random.next()) << 64 | UInt128(random.next()))
        return value >> Int128(127 - Int.random(in: 0...bits))
    }

    @Test func `wide numbers compute as 128 bits do where those suffice`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3_000 {
            let (a, b) = (Self.random(62, &generator), Self.random(62, &generator))
            let shift = Int.random(in: 0...63)
            #expect(WideInteger(a) + WideInteger(b) == WideInteger(a + b), "\(a) \(b)")
            #expect(WideInteger(a) - WideInteger(b) == WideInteger(a - b), "\(a) \(b)")
            #expect(WideInteger(a) * WideInteger(b) == WideInteger(a * b), "\(a) \(b)")
            #expect(WideInteger(a) << shift == WideInteger(a << Int128(shift)), "\(a) \(shift)")
            #expect((WideInteger(a) < WideInteger(b)) == (a < b), "\(a) \(b)")
            #expect(WideInteger(a).signum == a.signum(), "\(a)")
            #expect(WideInteger(a).bitWidth == 128 - a.magnitude.leadingZeroBitCount, "\(a)")
        }
    }

    @Test func `the nearest double of a ratio is the same by both ways`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3_000 {
            let (a, b) = (Self.random(120, &generator), Self.random(120, &generator))
            guard b > 0 else { continue }
            let narrow = ExactRatio.nearest(a, over: b)
            #expect(ExactRatio.nearest(WideInteger(a), over: WideInteger(b)) == narrow, "\(a) / \(b)")
        }
        let root = ExactRatio.squareRoot(WideInteger(2), over: WideInteger(1), exponent: 3)
        #expect(root == 8 * 2.0.squareRoot())
    }

    @Test func `a ratio below the normal doubles is rounded once`() {
        let least = Double.leastNonzeroMagnitude
        for (numerator, expected) in [(1, 0), (2, 1), (3, 2), (5, 2), (6, 3), (7, 4)] as [(Int128, Double)] {
            // Halves of the least double; ties go to even.
            let found = ExactRatio.nearest(WideInteger(numerator), over: WideInteger(2), exponent: -1074)
            #expect(found == expected * least, "\(numerator)")
        }
        // A hair above a tie, which 53 bits would not keep: (1.5 + 2^-60) of the least double below the normal ones.
        let hair = WideInteger(3 << 59 + 1)
        #expect(ExactRatio.nearest(hair, over: WideInteger(1 << 60), exponent: -1074) == 2 * least)
        let below = WideInteger(5 << 59 - 1)
        #expect(ExactRatio.nearest(below, over: WideInteger(1 << 60), exponent: -1074) == 2 * least)
        #expect(ExactRatio.nearest(WideInteger(1), over: WideInteger(1), exponent: 1024) == .infinity)
    }

    @Test func `a root is the nearest double`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let (a, b) = (Self.random(120, &generator).magnitude, Self.random(120, &generator).magnitude)
            guard a > 0, b > 0 else { continue }
            let (numerator, denominator) = (WideInteger(Int128(a)), WideInteger(Int128(b)))
            let root = ExactRatio.squareRoot(numerator, over: denominator, exponent: 0)
            // (2s − 1)² b ≤ a · 4^(1 − e) ≤ (2s + 1)² b for a root of s · 2^e with s below 2^53.
            let exponent = Int(root.exponent) - 52
            let whole = Int128(root.significand * 0x1p52)
            let low = WideInteger(2 * whole - 1) * WideInteger(2 * whole - 1) * denominator
            let high = WideInteger(2 * whole + 1) * WideInteger(2 * whole + 1) * denominator
            let left = numerator << max(0, 2 - 2 * exponent)
            let shift = max(0, 2 * exponent - 2)
            #expect(low << shift <= left && left <= high << shift, "\(a) / \(b)")
        }
    }

    private func price(_ bid: String, _ ask: String) throws -> ExactPrice {
        try #require(ExactPrice(bid: try FixedDecimal(bid), ask: try FixedDecimal(ask)))
    }

    @Test func `more digits, other scales and doubles of the same value change no return`() throws {
        let entries = [
            try price("1023.5", "1024.5"), try price("1023.50000000000", "1024.5"),
            try price("1024.000000000000000", "1024"), try #require(ExactPrice(1024)),
        ]
        let exits = [
            try price("1032", "1032"), try price("1031.0000", "1033.000"), try price("1e-30", "2064"),
            try #require(ExactPrice(1032)),
        ]
        for entry in entries {
            for (index, exit) in exits.enumerated() {
                let change = ExactReturn(from: entry, to: exit)
                // 8 of 1024 are 78.125 basis points; the third exit is a hair above.
                let isAbove = index == 2
                #expect(change.compared(to: try FixedDecimal("78.125")) == (isAbove ? 1 : 0))
                #expect(change.compared(to: try FixedDecimal("78.1250000000000000")) == (isAbove ? 1 : 0))
                #expect(change.compared(to: try FixedDecimal("78.126")) == -1)
                #expect(change.nearest == 0.0078125 && change.sign == 1)
                #expect(ExactReturn(from: exit, to: entry).sign == -1)
            }
        }
    }

    @Test func `a price that is not above zero is none`() throws {
        for (bid, ask) in [("0", "0"), ("-1", "1"), ("-2.5", "1"), ("-1.00", "0.99")] {
            #expect(ExactPrice(bid: try FixedDecimal(bid), ask: try FixedDecimal(ask)) == nil)
        }
        #expect(ExactPrice(bid: try FixedDecimal("-1"), ask: try FixedDecimal("1.0001")) != nil)
        #expect(ExactPrice(0.0) == nil && ExactPrice(-1) == nil && ExactPrice(.infinity) == nil)
        #expect(ExactPrice(.nan) == nil && ExactPrice(.leastNonzeroMagnitude) != nil)
    }
}
