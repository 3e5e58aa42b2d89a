import MarketModel
import Testing

@Suite("Nearest name")
struct NearestNameTests {
    private let symbols = ["BTC-USD", "BTC-USDC", "ETH-USD", "ETHUSDT", "1INCH-USD"]

    @Test("the fewest letters changed, the first among equals, whatever their case")
    func order() {
        #expect(
            NearestName.nearest(to: "BTCUSD", of: symbols, limit: 3) == ["BTC-USD", "BTC-USDC", "ETH-USD"]
        )
        #expect(NearestName.nearest(to: "btc-usdc", of: symbols, limit: 1) == ["BTC-USDC"])
        #expect(NearestName.nearest(to: "x", of: ["aa", "bb"]) == "aa")
        #expect(NearestName.nearest(to: "x", of: []).isEmpty)
        #expect(NearestName.nearest(to: "", of: symbols, limit: 9).count == symbols.count)
    }

    @Test("near is a third of the longer name at most, or two letters")
    func near() {
        #expect(
            NearestName.near("micorstructure", among: ["aggregate", "microstructure"]) == "microstructure"
        )
        #expect(NearestName.near("abcd", among: ["abxy"]) == "abxy")
        #expect(NearestName.near("abcd", among: ["axyz"]) == nil)
    }

    @Test("the distance is Levenshtein's")
    func distance() {
        let cases = [("kitten", "sitting", 3), ("", "abc", 3), ("flaw", "lawn", 2), ("same", "same", 0)]
        for (left, right, expected) in cases {
            #expect(NearestName.distance(Array(left.utf8), Array(right.utf8)) == expected)
        }
    }
}
