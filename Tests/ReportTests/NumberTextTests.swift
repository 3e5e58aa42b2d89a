import Report
import Testing

/// Numbers formatted for people.
struct NumberTextTests {
    @Test func `counts are grouped`() {
        let pairs: [(Int, String)] = [
            (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (12_345_678, "12,345,678"),
        ]
        for (number, text) in pairs { #expect(NumberText.grouped(number) == text) }
    }

    @Test func `decimals are fixed`() {
        let cases: [(Double, Int, String)] = [
            (0, 0, "0"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (1234.5, 2, "1,234.50"), (-2.25, 2, "−2.25"),
            (1e300, 2, "1e+300"),
        ]
        for (value, decimals, text) in cases {
            #expect(NumberText.fixed(value, decimals: decimals) == text)
        }
    }

    @Test func `a share is all or nothing only where it is`() {
        let cases = [
            (0, 3, "0.0 %"), (3, 3, "100.0 %"), (99_999, 100_000, "> 99.9 %"), (1, 100_000, "< 0.1 %"),
            (1, 3, "33.3 %"), (0, 0, "–"),
        ]
        for (part, whole, text) in cases { #expect(NumberText.percent(part, of: whole) == text) }
    }

    @Test func `lengths of time take a unit that suits them`() {
        let cases: [(Int64, String)] = [
            (0, "0 ns"), (999, "999 ns"), (1500, "1.5 µs"), (250_000_000, "250 ms"),
            (12_800_000_000, "12.8 s"), (605_000_000_000, "10 min 05 s"), (3_725_000_000_000, "1 h 02 min"),
        ]
        for (length, text) in cases { #expect(NumberText.duration(length) == text) }
    }

    @Test func `bytes take a unit that suits them`() {
        let cases: [(UInt64, String)] = [
            (0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.50 KiB"), (.max, "16.0 EiB"),
        ]
        for (count, text) in cases { #expect(NumberText.bytes(count) == text) }
    }
}
