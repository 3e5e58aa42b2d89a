import MarketModel
import Testing

@Suite
struct FixedDecimalTests {
    @Test
    func trailingZerosSurviveAndDoNotChangeTheValue() {
        let short = FixedDecimal(mantissa: 50, scale: 1)
        let long = FixedDecimal(mantissa: 500, scale: 2)
        #expect(short == long)
        #expect(short.hashValue == long.hashValue)
        #expect(long.description == "5.00")
    }

    @Test
    func ordersAcrossScales() {
        #expect(FixedDecimal(mantissa: 99, scale: 2) < FixedDecimal(mantissa: 1, scale: 0))
        #expect(FixedDecimal(mantissa: -1, scale: 0) < FixedDecimal(mantissa: 1, scale: 30))
        #expect(FixedDecimal(mantissa: 1, scale: 30) < FixedDecimal(mantissa: 1, scale: 0))
        #expect(FixedDecimal(mantissa: -1, scale: 0) < FixedDecimal(mantissa: -1, scale: 30))
    }

    @Test
    func convertsToTheNearestDouble() {
        #expect(FixedDecimal(mantissa: 1, scale: 1).doubleValue == 0.1)
        #expect(FixedDecimal(mantissa: 9_007_199_254_740_993, scale: 0).doubleValue == 9_007_199_254_740_992)
        #expect(
            FixedDecimal(mantissa: 1_234_567_890_123_456_789, scale: 9).doubleValue == 1_234_567_890.123456789
        )
    }
}
