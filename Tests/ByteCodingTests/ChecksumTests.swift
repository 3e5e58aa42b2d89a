import ByteCoding
import Testing

@Suite struct ChecksumTests {
    @Test func `CRC-32 of the check text`() {
        #expect(CRC32.checksum(Array("123456789".utf8).span.bytes) == 0xcbf4_3926)
        #expect(CRC32.checksum([UInt8]().span.bytes) == 0)
    }

    @Test func `CRC-32 does not depend on the pieces`() {
        let all = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = CRC32.checksum(all.span.bytes)
        for cut in [0, 1, 7, 4_096, 9_999, 10_000] {
            var crc = CRC32()
            crc.update(Array(all[..<cut]).span.bytes)
            crc.update(Array(all[cut...]).span.bytes)
            #expect(crc.value == whole)
        }
    }

    @Test func `SHA-256 of the standard's examples`() {
        var digest = SHA256()
        #expect(
            digest.finishHexadecimal() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        digest.update(Array("ab".utf8).span.bytes)
        digest.update(Array("c".utf8).span.bytes)
        #expect(
            digest.finishHexadecimal() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test func `a SHA-256 under way is written down and goes on`() throws {
        let all = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = SHA256.digest(of: all.span.bytes)
        for cut in all.indices {
            var first = SHA256()
            first.update(Array(all[..<cut]).span.bytes)
            let midstate = first.midstate
            var second = try #require(SHA256(midstate: midstate))
            #expect(second.midstate == midstate)
            second.update(Array(all[cut...]).span.bytes)
            #expect(second.finish() == whole)
            #expect(SHA256(midstate: Array(midstate.dropLast())) == nil)
        }
        #expect(SHA256(midstate: []) == nil)
    }
}
