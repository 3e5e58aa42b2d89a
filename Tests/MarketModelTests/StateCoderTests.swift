import Testing

@testable import MarketModel

@Suite("States that are written down")
struct StateCoderTests {
    private struct Inner: StateElement {
        var name = ""
        var levels: [PriceLevel] = []
        static var blank: Inner { Inner() }

        mutating func code(_ coder: inout StateCoder) throws(StateError) {
            try coder.packed("name", &name)
            try coder.packed("levels", &levels)
        }
    }

    private struct Outer: StateCodable {
        var count = 0
        var time: Int64?
        var inner: [Inner] = []
        var cache = 7

        mutating func code(_ coder: inout StateCoder) throws(StateError) {
            try coder.field("count", &count)
            try coder.field("time", &time)
            try coder.field("inner", &inner)
        }
    }

    /// The same with a field less, a field more, and one renamed.
    private struct Other: StateCodable {
        var fields: [StaticString]

        mutating func code(_ coder: inout StateCoder) throws(StateError) {
            var (count, time, inner) = (0, nil as Int64?, [] as [Inner])
            for (index, name) in fields.enumerated() {
                switch index {
                case 0: try coder.field(name, &count)
                case 1: try coder.field(name, &time)
                default: try coder.field(name, &inner)
                }
            }
        }
    }

    private func sample() throws -> Outer {
        let level = PriceLevel(price: try FixedDecimal("-10.50"), size: try FixedDecimal("0.003"))
        return Outer(count: -5, time: .max, inner: [Inner(name: "é/", levels: [level, level]), Inner()])
    }

    private func written(_ state: Outer) throws -> [StatePart] {
        var (state, parts) = (state, StateParts())
        try parts.part("/outer", &state)
        return parts.parts
    }

    @Test func `what is read is what was written, and writes the same bytes`() throws {
        let parts = try written(sample())
        var (read, reading) = (Outer(), StateParts(reading: parts))
        try reading.part("/outer", &read)
        try reading.finish()
        #expect(try written(read) == parts)
        #expect(read.inner.map(\.name) == ["é/", ""] && read.count == -5 && read.time == .max)
        #expect(read.inner[0].levels.map(\.price.description) == ["-10.50", "-10.50"])
    }

    @Test func `fields that are missing or unknown are named`() throws {
        let parts = try written(sample())
        let read = { (fields: [StaticString]) in
            var (other, reading) = (Other(fields: fields), StateParts(reading: parts))
            try reading.part("/outer", &other)
        }
        try read(["count", "time", "inner"])
        #expect(throws: StateError.unknown(field: "inner", after: "/outer")) { try read(["count", "time"]) }
        #expect(throws: StateError.missing(field: "/outer.instant", found: "time")) {
            try read(["count", "instant", "inner"])
        }
        #expect(throws: StateError.missing(field: "/outer.more", found: nil)) {
            try read(["count", "time", "inner", "more"])
        }
    }

    @Test func `parts that are missing, unknown or of another version are named`() throws {
        var (state, parts) = (try sample(), StateParts())
        try parts.part("/a", &state)
        try parts.part("/b", version: 3, &state)
        var reading = StateParts(reading: parts.parts)
        #expect(throws: StateError.unknownPart("/a")) { try reading.part("/b", &state) }
        #expect(throws: StateError.missingPart("/c")) { try reading.part("/c", &state) }
        try reading.part("/a", &state)
        #expect(throws: StateError.version(part: "/b", found: 3, expected: 1)) {
            try reading.part("/b", &state)
        }
        #expect(throws: StateError.unknownPart("/b")) { try reading.finish() }
    }

    @Test func `no bytes crash the reader, and a changed byte changes what is read or is refused`() throws {
        let part = try written(sample())[0]
        for index in part.bytes.indices {
            for change in [1, 0x80, 0xff] as [UInt8] {
                var bytes = part.bytes
                bytes[index] ^= change
                for cut in [bytes, Array(bytes[..<index])] {
                    var reading = StateParts(reading: [StatePart(name: part.name, bytes: cut)])
                    var state = Outer()
                    guard (try? reading.part("/outer", &state)) != nil else { continue }
                    #expect(try written(state)[0].bytes == cut, "byte \(index) ^ \(change)")
                }
            }
        }
    }

    @Test func `a trace names the stored fields beside those that were coded`() throws {
        var (state, parts) = (try sample(), StateParts())
        parts.trace = StateTrace()
        try parts.part("/outer", &state)
        let visits = try #require(parts.trace?.visits)
        let outer = try #require(visits.last)
        #expect(outer.type == "Outer" && outer.stored == ["count", "time", "inner", "cache"])
        #expect(outer.coded == ["count", "time", "inner"])
        #expect(visits.first?.coded == ["mantissa", "scale", "zeros"] || visits.first?.type == "PriceLevel")
    }
}
