import Dataset
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
        prices.enumerated().map { place, price in
            let ts = Int64(place + 1) * 100
            return PathRow(ts: ts, available: ts + delay, price: price)
        }
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
            for (place, label) in labels.enumerated() {
                #expect(found[place] == naive.value(label, of: row), "seed \(seed) row \(row) \(label.text)")
            }
        }
    }

    @Test
    func aRowKnownLateIsMeasuredFromTheFirstRowBehindItsDecision() throws {
        let path = rows([100, 101, 103, 106, 110], delay: 50)
        let values = try compute(path, [try label("simple-return:1")])
        #expect(values[0][0] == LabelValue(value: 103.0 / 101 - 1, end: 350))
        #expect(values[3][0] == LabelValue(value: nil, end: 550))
    }

    @Test
    func latencyMovesTheEntry() throws {
        let values = try compute(rows([100, 101, 103, 106]), [try label("simple-return:1")], latency: 150)
        #expect(values[0][0] == LabelValue(value: 106.0 / 103 - 1, end: 400))
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
    ])
    func aLabelThatMakesNoSenseIsRefused(text: String) {
        #expect(throws: DatasetError.self) { try label(text) }
    }

    @Test
    func aMisspeltLabelNamesTheNearest() {
        #expect(throws: DatasetError.unknownName(kind: "label", name: "directon", nearest: "direction")) {
            try label("directon:10")
        }
    }
}
