import Dataset
import MarketModel
import Testing

@Suite
struct LabelTests {
    private static let kinds = [
        "log-return:1", "simple-return:7", "log-return:350ns", "direction:3:band=12.5", "direction:1us",
        "triple-barrier:20:up=30:down=20", "triple-barrier:2us:up=55:down=45:timeout=sign", "return-sign",
    ]

    private func compute(
        _ rows: [PathRow],
        _ labels: [LabelDefinition],
        _ entry: EntryRule = .tradable,
        latency: Int64 = 0
    ) throws -> [[LabelValue]] {
        var tracker = LabelTracker(labels, entry: entry, latency: latency)
        var values: [[LabelValue]] = []
        for row in rows { try tracker.append(row) { values.append($0) } }
        try tracker.finish { values.append($0) }
        return values
    }

    private func label(_ text: String) throws -> LabelDefinition { try LabelCatalog.parse(text) }

    private func rows(_ prices: [Double?], delay: Int64 = 0) -> [PathRow] {
        prices.enumerated().map { index, price in
            let ts = Int64(index + 1) * 100
            return PathRow(ts: ts, available: ts + delay, price: price.flatMap { ExactPrice($0) })
        }
    }

    /// Same values; a logarithm of the system's may miss by its last bits.
    private func agree(_ found: LabelValue, _ naive: LabelValue, _ label: LabelDefinition) -> Bool {
        guard label.kind == .logReturn, let value = found.value, let other = naive.value else {
            return found == naive
        }
        return found.end == naive.end && abs(value - other) <= 0x1p-51 * abs(other)
    }

    @Test(arguments: [UInt64](0..<300))
    func labelsAgreeWithTheirDefinition(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let path = random.path(Int.random(in: 1...120, using: &random))
        let labels = try LabelTests.kinds.map(label)
        let entry: EntryRule = random.chance(30) ? .row : .tradable
        let latency: Int64 = random.chance(50) ? 0 : Int64.random(in: 1...300, using: &random)
        let naive = NaiveLabels(rows: path, entry: entry, latency: latency)
        let values = try compute(path, labels, entry, latency: latency)
        #expect(values.count == path.count, "seed \(seed)")
        for (row, found) in values.enumerated() {
            for (index, label) in labels.enumerated() {
                let isSame = agree(found[index], naive.value(label, of: row), label)
                #expect(isSame, "seed \(seed) row \(row) \(label.text)")
            }
        }
    }

    @Test
    func aRowKnownLateIsMeasuredFromTheFirstRowBehindItsDecision() throws {
        let path = rows([100, 101, 103, 106, 110], delay: 50)
        let values = try compute(path, [try label("simple-return:1")])
        #expect(values[0][0] == LabelValue(value: 2.0 / 101, end: 350))
        #expect(values[3][0] == LabelValue(value: nil, end: 550))
    }

    @Test
    func latencyMovesTheEntry() throws {
        let values = try compute(rows([100, 101, 103, 106]), [try label("simple-return:1")], latency: 150)
        #expect(values[0][0] == LabelValue(value: 3.0 / 103, end: 400))
    }

    @Test
    func theDeadBandHoldsItsEdge() throws {
        // 8 of 1024 is exactly 78.125 basis points, also in double.
        let values = try compute(
            rows([1024, 1032, 1024, 1033]),
            [try label("direction:1:band=78.125")],
            .row
        )
        #expect(values.map { $0[0].value } == [0, 0, 1, nil])
    }

    /// Bids and asks as sent.
    private func quotes(_ quotes: [(String, String)]) throws -> [PathRow] {
        try quotes.enumerated().map { index, quote in
            let ts = Int64(index + 1) * 100
            let price = ExactPrice(bid: try FixedDecimal(quote.0), ask: try FixedDecimal(quote.1))
            return PathRow(ts: ts, available: ts, price: price)
        }
    }

    @Test
    func equalMidsAreNoChangeWhateverTheirDoublesSay() throws {
        // (0.1 + 0.7) / 2 and (0.3 + 0.5) / 2 differ in double.
        let path = try quotes([("0.1", "0.7"), ("0.3", "0.5"), ("0.40", "0.4000")])
        let labels = try ["direction:1", "return-sign", "simple-return:1", "log-return:1"].map(label)
        let values = try compute(path, labels, .row)
        #expect(values[0].map(\.value) == [0, nil, 0, 0])
        #expect(values[1].map(\.value) == [0, 0, 0, 0])
    }

    @Test
    func exactlyTheBandIsNothingAndExactlyTheBarrierTouches() throws {
        // 7000 · 1.0001 = 7000.7 and 7000 · 0.9999 = 6999.3.
        let path = try quotes([
            ("6999.9", "7000.1"), ("7000.6", "7000.8"), ("7000", "7000"), ("6999.2", "6999.4"),
        ])
        let found = try compute(
            path,
            try ["direction:1:band=1", "direction:1:band=0.9999999999999", "triple-barrier:1:up=1:down=1"]
                .map(label),
            .row
        )
        #expect(found[0].map(\.value) == [0, 1, 1])
        #expect(found[2].map(\.value) == [0, -1, -1])
    }

    @Test
    func wideDecimalsAreComparedExactly() throws {
        // 64 bits hold neither these prices at one scale nor their products.
        let digits = "1.000000000000000001"
        let path = try quotes([
            ("9000000000000000000", "9000000000000000000"), (digits, digits),
            ("1e-36", "1.00000000000000001"),
            ("2", "2"),
        ])
        let labels = try ["direction:1", "direction:1:band=9999.99999999999999"].map(label)
        let values = try compute(path, labels, .row)
        #expect(values.map { $0[0].value } == [-1, -1, 1, nil])
        #expect(values.map { $0[1].value } == [-1, 0, 1, nil])
    }

    @Test
    func bandsAreWrittenAsTheirDecimals() throws {
        #expect(try label("direction:5:band=1.50").text == "direction:5:band=1.5")
        #expect(try label("direction:5:band=1e-7bps").text == "direction:5:band=0.0000001")
        #expect(try label("direction:5:band=0.00").text == "direction:5")
        #expect(try label("direction:5:band=2.0").name == "direction_5_band_2")
    }

    @Test
    func aBarrierStopsThePathBeforeALaterGap() throws {
        var path = rows([1000, 1001, 1020, 1000, 1000])
        path[3].isBroken = true
        let touched = try compute(path, [try label("triple-barrier:4:up=150:down=150")], .row)
        #expect(touched[0][0] == LabelValue(value: 1, end: 300))
        let missed = try compute(path, [try label("triple-barrier:4:up=500:down=500")], .row)
        #expect(missed[0][0] == LabelValue(value: nil, end: 400))
    }

    @Test
    func whatAPlanWritesReadsBack() throws {
        for text in LabelTests.kinds {
            let label = try label(text)
            #expect(try self.label(label.text) == label)
        }
    }

    @Test(arguments: [
        "direction", "direction:0", "direction:-3", "log-return:3:band=2", "triple-barrier:9:up=1",
        "direction:3:band=-1", "direction:3:band=nan", "direction:3:band=1:band=2",
        "triple-barrier:9:up=0:down=1",
        "triple-barrier:9:up=1:down=1:timeout=never", "return-sign:3", "direction:3:band=0x1p3",
    ])
    func aLabelThatMakesNoSenseIsRefused(text: String) {
        #expect(throws: DatasetError.self) { try label(text) }
    }

    @Test
    func theRuleThatIsBrokenIsNamed() {
        let error = #expect(throws: DatasetError.self) { try label("triple-barrier:9:up=1") }
        #expect(error?.description.contains("up and down, both above 0 basis points") == true)
    }

    @Test
    func aMisspeltLabelNamesTheNearest() {
        #expect(throws: DatasetError.unknownName(kind: "label", name: "directon", nearest: "direction")) {
            try label("directon:10")
        }
    }
}
