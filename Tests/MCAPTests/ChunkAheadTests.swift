import ByteCoding
import MCAP
import Testing

@Suite("Chunks expanded ahead")
struct ChunkAheadTests {
    @Test("a sound file's chunks come from the thread that expands them, all but the first", arguments: 0..<3)
    func sound(index: Int) throws {
        let bytes = DamageTests.samples[index].bytes
        let plain = try Reading(bytes)
        var ahead = try Reading(bytes, ahead: bytes)
        let chunks = ahead.chunksAhead
        ahead.chunksAhead = 0
        #expect(chunks > 2 && ahead == plain)
    }

    @Test("of damaged files the same is read, lost and reported", arguments: 0..<4)
    func damaged(index: Int) throws {
        for seed in UInt64(0)..<250 {
            var random = SplitMix(state: seed)
            var bytes = DamageTests.samples[index].bytes
            DamageTests.damage(&bytes, &random)
            let plain = try Reading(bytes)
            var ahead = try Reading(bytes, ahead: bytes)
            ahead.chunksAhead = 0
            #expect(ahead == plain, "seed \(seed)")
        }
    }

    @Test("a file that is another by now costs time, never messages", arguments: 0..<3)
    func changed(index: Int) throws {
        for seed in UInt64(0)..<100 {
            var random = SplitMix(state: seed)
            let bytes = DamageTests.samples[index].bytes
            var other = bytes
            DamageTests.damage(&other, &random)
            var ahead = try Reading(bytes, ahead: other)
            ahead.chunksAhead = 0
            #expect(ahead == (try Reading(bytes)), "seed \(seed)")
        }
    }

    @Test("a reader that is given up ends its thread, whatever that does")
    func abandoned() throws {
        let bytes = DamageTests.samples[1].bytes
        for _ in 0..<200 {
            let reader = try StreamReader(try ByteInput(bytes: bytes.span.bytes))
            reader.readAhead(in: FileReader(bytes: bytes))
            _ = try reader.next()
        }
    }
}
