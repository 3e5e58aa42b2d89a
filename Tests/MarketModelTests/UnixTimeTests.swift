import MarketModel
import Testing

@Suite
struct UnixTimeTests {
    @Test(
        arguments: [
            ("2026-08-09T21:05:48.228568804Z", 1_786_309_548_228_568_804),
            ("1970-01-01T00:00:00Z", 0),
            ("2023-07-30T15:29:58.343415Z", 1_690_730_998_343_415_000),
            ("2024-02-29T23:59:59.9+01:00", 1_709_247_599_900_000_000),
            ("1969-12-31T23:59:59.999999999Z", -1),
        ] as [(String, Int64)]
    )
    func parsesRFC3339(_ text: String, _ time: Int64) {
        #expect(UnixTime.parse(rfc3339: text) == time)
    }

    @Test(arguments: [
        "", "2026-08-09", "2026-02-29T00:00:00Z", "2026-08-09T21:05:48.Z", "2026-08-09T21:05:48.1234567890Z",
        "2026-08-09T24:00:00Z", "2026-08-09T21:05:48", "9999-08-09T21:05:48Z", "2026-13-09T21:05:48Z",
    ])
    func refusesWhatIsNoTime(_ text: String) {
        #expect(UnixTime.parse(rfc3339: text) == nil)
    }

    @Test
    func printsWhatItParses() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            let time = Int64.random(
                in: -9_000_000_000_000_000_000...9_000_000_000_000_000_000,
                using: &generator
            )
            #expect(UnixTime.parse(rfc3339: UnixTime.rfc3339(time)) == time)
        }
    }
}
