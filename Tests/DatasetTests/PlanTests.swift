import Dataset
import Synchronizer
import Testing

@Suite
struct PlanTests {
    private func plan(_ entries: [(String, PlanValue)]) throws(DatasetError) -> DatasetPlan {
        try DatasetPlan([("recordings", .text("a.mcap"))] + entries.map { (key: $0.0, value: $0.1) })
    }

    @Test
    func whatAPlanStoresReadsBack() throws {
        let plan = try plan([
            ("instruments", .text("bybit/linear/BTCUSDT,kraken/spot/BTC/USD")), ("clock", .text("external")),
            ("period", .text("250ms")), ("hold-back", .text("1.5s")), ("features", .text("aggregate")),
            ("labels", .list([.text("direction:10:band=0.5"), .text("log-return:5s")])),
            ("window", .integer(32)), ("split", .text("walk-forward:folds=3,train=0.5")),
            ("embargo", .text("2min")), ("normalise", .text("robust")), ("missing", .text("mask")),
            ("dtype", .text("float64")), ("materialise", .flag(true)), ("outputs", .text("safetensors,npy")),
            ("from", .text("2026-08-09")), ("max-age", .text("10s")), ("price", .text("microprice")),
        ])
        #expect(plan.rows.watermarkDelay == 1_500_000_000)
        #expect(plan.outputs == [.npy, .safetensors])
        #expect(try DatasetPlan(plan.entries) == plan)
        let names = PlanKey.all.map(\.name)
        #expect(plan.entries.allSatisfy { names.contains($0.key) })
        #expect(Set(names).subtracting(plan.entries.map(\.key)) == ["to"])
    }

    @Test
    func ticksOfTheExternalClockReadBack() throws {
        let times = PlanValue.text("2026-08-09T21:27:00.5Z,1786310821000000001")
        let ticking = try plan([("clock", .text("external")), ("ticks", times)])
        #expect(ticking.rows.ticks == .times([1_786_310_820_500_000_000, 1_786_310_821_000_000_001]))
        #expect(try DatasetPlan(ticking.entries) == ticking)
        let back = PlanValue.text("2026-08-09T21:27:01Z,2026-08-09T21:27:00Z")
        #expect(throws: DatasetError.self) { try plan([("clock", .text("external")), ("ticks", back)]) }
        #expect(throws: DatasetError.self) { try plan([("ticks", times)]) }
        let words = DatasetError.badValue(
            key: "ticks",
            found: "soon",
            expected: "RFC 3339, a date or nanoseconds"
        )
        #expect(throws: words) { try plan([("clock", .text("external")), ("ticks", .text("soon"))]) }
    }

    @Test
    func aMisspeltKeyNamesTheNearest() {
        let error = DatasetError.unknownKey("normalize", nearest: "normalise")
        #expect(throws: error) { try plan([("normalize", .text("none"))]) }
        #expect(error.description == "plan: unknown key 'normalize' (did you mean 'normalise'?)")
    }

    @Test
    func exchangeBasisNeedsTheRowAsEntry() throws {
        let entries: [(String, PlanValue)] = [
            ("time-basis", .text("exchange")), ("labels", .text("direction:1")),
        ]
        #expect(throws: DatasetError.self) { try plan(entries) }
        #expect(try plan(entries + [("entry", .text("row"))]).entry == .row)
    }

    @Test(
        arguments: [
            ("period", "0s"), ("period", "fast"), ("window", "0"), ("clock", "trade-drivn"), ("features", ""),
            ("outputs", "npy,csv"), ("instruments", "BTCUSDT"), ("instruments", "okx/multi/BTC-USDT"),
            ("missing", "maybe"),
            ("latency", "-1s"),
            ("labels", "direction:1,direction:1"), ("embargo", "0.1ns"),
        ]
    )
    func aValueThatMakesNoSenseIsRefused(key: String, text: String) {
        #expect(throws: DatasetError.self) { try plan([(key, .text(text))]) }
    }

    @Test
    func theTextNamesKeyValueAndWhatIsExpected() {
        do {
            _ = try plan([("clock", .text("trade-drivn"))])
            Issue.record("not refused")
        } catch {
            #expect(error.description.hasPrefix("plan: clock: found 'trade-drivn', expected "))
            #expect(error.description.hasSuffix("did you mean 'trade-driven'?"))
        }
    }

    @Test(arguments: [("1.5s", 1_500_000_000), ("0s", 0), ("0", 0), ("2h", 7_200_000_000_000), ("1us", 1000)])
    func durationsAreExact(text: String, nanoseconds: Int) throws {
        #expect(TimeText.duration(text) == Int64(nanoseconds))
        #expect(TimeText.duration(TimeText.text(Int64(nanoseconds))) == Int64(nanoseconds))
    }

    @Test
    func jsonEscapesWhatItMust() {
        let text = OrderedJSON.object([("a\"b", .string("line\n\u{1}\\")), ("n", .number(.nan))]).compact
        #expect(text == "{\"a\\\"b\":\"line\\n\\u0001\\\\\",\"n\":\"nan\"}")
    }
}
