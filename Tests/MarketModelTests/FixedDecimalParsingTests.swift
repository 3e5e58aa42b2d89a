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

    @Test(
        arguments: [
            ("1000000000000.00000000", 1_000_000_000_000_000_000, 6, 2),
            ("-9223372036854775807.000", -.max, 0, 3),
            ("0.0000000000000000000000000000000000000000", 0, 36, 4),
            ("00000000000000000000000012.50", 1250, 2, 0), ("9223372036854775807.0", .max, 0, 1),
            ("9.2233720368547758070", .max, 18, 1),
            ("0.12000000000000000000000000000000000000", 1_200_000_000_000_000_000, 19, 19),
            // With an exponent the digits on the wire differ; the value is still exact.
            ("10000000000000000000e-5", 1_000_000_000_000_000_000, 4, 0),
            ("92233720368547758070e-1", .max, 0, 0),
            ("1.0e18", 1_000_000_000_000_000_000, 0, 0), ("0e-400", 0, 36, 0), ("0E400", 0, 0, 0),
            ("100000000000000000000000000000000000000e-30", 1_000_000_000_000_000_000, 10, 0),
            ("1000e-38", 10, 36, 0), ("-1.20e-7", -120, 9, 0),
        ] as [(String, Int64, UInt8, UInt8)]
    )
    func leavesOutZerosThatDoNotFit(_ text: String, _ mantissa: Int64, _ scale: UInt8, _ zeros: UInt8) throws
    {
        let number = try FixedDecimal(text)
        #expect(number.mantissa == mantissa && number.scale == scale && number.zeros == zeros)
        if !text.uppercased().contains("E"), !text.hasPrefix("00") { #expect(number.description == text) }
    }

    @Test(arguments: ["", "-", ".5", "5.", "1e", "1e+", "abc", "1 ", "1.2.3", "0x10", "NaN", "1e5x", "+1"])
    func refusesWhatIsNoNumber(_ text: String) {
        #expect(throws: DecimalError.self) { try FixedDecimal(text) }
    }

    @Test(arguments: [
        "9223372036854775808", "1e19", "10000000000000000001", "1.00000000000000000001", "1e-37",
        "9223372036854775808.0",
        "92233720368547758080e-1", "1000000000000000000000000000000000000000e-77",
        "0.0000000000000000000000000000000000001", "99999999999999999999",
    ])
    func refusesWhatDoesNotFit(_ text: String) {
        #expect(throws: DecimalError.overflow) { try FixedDecimal(text) }
    }
}
