import ByteCoding
import Testing

@Suite struct SpillSorterTests {
    @Test(arguments: [1, 500, 20_000, 1 << 20])
    func `records come by key, equal ones as they were added`(memory: Int) throws {
        let sorter = SpillSorter(memory: memory)
        var expected: [(key: UInt64, text: String)] = []
        var state: UInt64 = 7
        for index in 0..<3_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let key = index % 7 == 0 ? UInt64.max - (state >> 62) : state >> 55
            let text = String(repeating: "x", count: index % 40) + "\(index)"
            try sorter.add(key) { $0.append(utf8: text) }
            expected.append((key, text))
        }
        #expect(sorter.count == 3_000)
        #expect(sorter.least == expected.map(\.key).min())
        let order = expected.indices.sorted { (expected[$0].key, $0) < (expected[$1].key, $1) }
        for index in order {
            try #require(try sorter.advance())
            let text = sorter.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            #expect(sorter.key == expected[index].key && text == expected[index].text)
        }
        #expect(try !sorter.advance())
    }

    @Test func `nothing added is nothing read`() throws {
        let sorter = SpillSorter()
        #expect(try !sorter.advance())
        #expect(sorter.least == nil)
    }
}
