import MarketModel
import Testing

@Suite
struct FixedDecimalParsingTests {
    @Test(
        arguments: [
            ("0.00100000", 100_000, 8), ("-12", -12, 0), ("1e-7", 1, 7), ("1.50E2", 150, 0), ("0", 0, 0),
            ("-0.0", 0, 1),
            ("9223372036854775807", Int64.max, 0), ("00012.5", 125, 1), ("0.000000000000000000001", 1, 21),
        ] as [(String, Int64, UInt8)]
    )
    func keepsTheDigits(_ text: String, _ mantissa: Int64, _ scale: UInt8) throws {
        let number = try FixedDecimal(text)
        #expect(number.mantissa == mantissa)
        #expect(number.scale == scale)
    }

    @Test(arguments: ["", "-", ".5", "5.", "1e", "1e+", "abc", "1 ", "1.2.3", "0x10", "NaN", "1e5x", "+1"])
    func refusesWhatIsNoNumber(_ text: String) {
        #expect(throws: DecimalError.self) { try FixedDecimal(text) }
    }

    @Test(arguments: [
        "9223372036854775808", "1e19", "0.0000000000000000000000000000000000001", "99999999999999999999",
    ])
    func refusesWhatDoesNotFit(_ text: String) {
        #expect(throws: DecimalError.overflow) { try FixedDecimal(text) }
    }
}
