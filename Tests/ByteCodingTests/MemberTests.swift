import ByteCoding
import Testing

/// Compressed files of several members (frames), some truncated or damaged.
@Suite struct MemberTests {
    static let codecs: [AnyCodec] = [.gzip, .zstd, .lz4Frame]

    /// Distinct, hardly compressible lines.
    private static func lines(_ range: Range<Int>) -> [String] {
        range.map {
            "line \($0) \(UInt64($0 + 1) &* 0x9e37_79b9_7f4a_7c15) \(UInt64($0 + 7) &* 0xd1b5_4a32_d192_ed03)"
        }
    }

    private func packed(_ codec: AnyCodec, _ range: Range<Int>) throws -> [UInt8] {
        try codec.compress(Array((Self.lines(range).joined(separator: "\n") + "\n").utf8))
    }

    /// All lines, and how often reading resumed after damage.
    private func read(_ data: [UInt8]) throws -> (lines: [String], resumptions: [ByteInput.Resumption]) {
        let input = try ByteInput(bytes: data.span.bytes, expansion: .automatic)
        let reader = LineReader(input)
        var lines: [String] = []
        var resumptions: [ByteInput.Resumption] = []
        while true {
            do {
                while try reader.advance() {
                    let line = reader.line.withUnsafeBytes { Array($0) }
                    lines.append(String(decoding: line, as: UTF8.self))
                }
                return (lines, resumptions)
            } catch {
                guard let found = try input.resume() else { return (lines, resumptions) }
                resumptions.append(found)
            }
        }
    }

    @Test(arguments: codecs)
    func `behind a member that was never finished the next one is read`(codec: AnyCodec) throws {
        let (first, second) = (try packed(codec, 0..<3_000), try packed(codec, 3_000..<3_400))
        let known = Set(Self.lines(0..<3_400))
        for cut in [1, 3, 5, 8, 9, 20, 300, first.count / 2, first.count - 30] {
            let data = Array(first.dropLast(cut)) + second
            let (lines, resumptions) = try read(data)
            #expect(resumptions.map(\.resumesAt) == [UInt64(first.count - cut)], "cut \(cut)")
            #expect(Array(lines.suffix(400)) == Self.lines(3_000..<3_400), "cut \(cut)")
            #expect(lines.allSatisfy(known.contains), "cut \(cut)")
            let kept = lines.count - 400
            #expect(Array(lines.prefix(kept)) == Self.lines(0..<kept), "cut \(cut)")
        }
    }

    @Test func `of a gzip member every whole line before the damage is kept`() throws {
        let (first, second) = (try packed(.gzip, 0..<3_000), try packed(.gzip, 3_000..<3_010))
        // Without the last bytes of the checksum all text is there.
        let (lines, _) = try read(Array(first.dropLast(5)) + second)
        #expect(lines == Self.lines(0..<3_010))
        let tiny = try packed(.gzip, 0..<2)
        #expect(
            try read(Array(tiny.dropLast(5)) + second).lines == Self.lines(0..<2) + Self.lines(3_000..<3_010)
        )
    }

    @Test(arguments: codecs)
    func `two damaged members cost what they lack alone`(codec: AnyCodec) throws {
        let parts = try [0..<3_000, 3_000..<3_400, 3_400..<3_500].map { try packed(codec, $0) }
        let data = Array(parts[0].dropLast(9)) + Array(parts[1].dropLast(9)) + parts[2]
        let (lines, resumptions) = try read(data)
        #expect(resumptions.map(\.resumesAt).last == UInt64(data.count - parts[2].count))
        #expect(Array(lines.suffix(100)) == Self.lines(3_400..<3_500))
        if codec == .gzip { #expect(lines.contains(Self.lines(3_390..<3_391)[0])) }
    }

    @Test(arguments: codecs)
    func `bytes that are no member are passed over`(codec: AnyCodec) throws {
        let (first, second) = (try packed(codec, 0..<500), try packed(codec, 500..<600))
        let noise = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31 | 1) }
        let (lines, resumptions) = try read(first + noise + second)
        #expect(lines == Self.lines(0..<600))
        let end = UInt64(first.count + noise.count)
        #expect(resumptions.map(\.resumesAt) == [end])
        #expect(try read(first + noise).lines == Self.lines(0..<500))
    }

    @Test func `a member within the text of another is text`() throws {
        // Stored uncompressed, so that its first bytes are in the file.
        let inner = try packed(.gzip, 0..<400).map { $0 == 0x0a ? 0x0b : $0 }
        let outer = Gzipped.stored(inner + [0x0a] + Array("end\n".utf8))
        let (lines, resumptions) = try read(outer)
        #expect(resumptions == [])
        #expect(lines.last == "end")
    }

    @Test func `zeros behind the last gzip member are padding`() throws {
        let data = try packed(.gzip, 0..<10) + [UInt8](repeating: 0, count: 700)
        let (lines, resumptions) = try read(data)
        #expect(lines == Self.lines(0..<10))
        #expect(resumptions == [])
    }

    @Test(arguments: codecs)
    func `a cut at the very end is an error and no more`(codec: AnyCodec) throws {
        let data = Array(try packed(codec, 0..<3_000).dropLast(3))
        let input = try ByteInput(bytes: data.span.bytes, expansion: .automatic)
        let reader = LineReader(input)
        #expect(throws: ByteCodingError.self) { while try reader.advance() {} }
        #expect(try input.resume() == nil)
    }
}

/// A gzip member of stored blocks.
private enum Gzipped {
    static func stored(_ text: [UInt8]) -> [UInt8] {
        var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
        var rest = text[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let size = UInt16(block.count)
            member.append(rest.isEmpty ? 1 : 0)
            for value in [size, ~size] { member += [UInt8(value & 0xff), UInt8(value >> 8)] }
            member += block
        } while !rest.isEmpty
        let crc = CRC32.checksum(text.span.bytes)
        for value in [crc, UInt32(text.count)] {
            member += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
        }
        return member
    }
}
