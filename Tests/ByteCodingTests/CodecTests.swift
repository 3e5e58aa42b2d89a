import ByteCoding
import Testing

/// Every codec through the common interface.
enum AnyCodec: String, CaseIterable {
    case zstd
    case lz4Frame
    case lz4Block
    case snappy
    case gzip

    func compress(_ input: [UInt8]) throws -> [UInt8] {
        var output = GrowableBytes()
        let span = input.span.bytes
        switch self {
        case .zstd: try ZstdCompressor(level: 3).compress(span, appendingTo: &output)
        case .lz4Frame: try LZ4FrameCompressor().compress(span, appendingTo: &output)
        case .lz4Block: try LZ4Block.compress(span, appendingTo: &output)
        case .snappy: try Snappy.compress(span, appendingTo: &output)
        case .gzip: try Gzip.compress(span, appendingTo: &output)
        }
        return bytes(output)
    }

    func decompress(_ input: [UInt8], maximumSize: Int) throws -> [UInt8] {
        var output = GrowableBytes()
        output.append(UInt8(0xaa))
        let span = input.span.bytes
        switch self {
        case .zstd:
            try ZstdDecompressor().decompress(span, appendingTo: &output, maximumSize: maximumSize)
        case .lz4Frame:
            try LZ4FrameDecompressor().decompress(span, appendingTo: &output, maximumSize: maximumSize)
        case .lz4Block: try LZ4Block.decompress(span, appendingTo: &output, maximumSize: maximumSize)
        case .snappy: try Snappy.decompress(span, appendingTo: &output, maximumSize: maximumSize)
        case .gzip: try Gzip.decompress(span, appendingTo: &output, maximumSize: maximumSize)
        }
        let all = bytes(output)
        #expect(all.first == 0xaa)
        return Array(all.dropFirst())
    }
}

@Suite struct CodecTests {
    static let samples: [[UInt8]] = [
        [], [7], Array("the quick brown fox".utf8),
        [UInt8](repeating: 0x20, count: 1 << 20),
        (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) },
    ]

    @Test(arguments: AnyCodec.allCases)
    func `bytes come back within exactly their size`(codec: AnyCodec) throws {
        for sample in Self.samples {
            let packed = try codec.compress(sample)
            #expect(try codec.decompress(packed, maximumSize: sample.count) == sample)
            #expect(try codec.decompress(packed, maximumSize: sample.count + 1_000) == sample)
        }
    }

    @Test(arguments: AnyCodec.allCases)
    func `an output beyond the limit is refused`(codec: AnyCodec) throws {
        let bomb = try codec.compress([UInt8](repeating: 0, count: 16 << 20))
        for limit in [0, 1, 1_000, (16 << 20) - 1] {
            #expect(throws: ByteCodingError.self) { try codec.decompress(bomb, maximumSize: limit) }
        }
    }

    @Test(arguments: AnyCodec.allCases)
    func `cut and flipped input is an error or other bytes, within the limit`(codec: AnyCodec) throws {
        let sample = Array("{\"price\":\"64012.50\",\"size\":\"0.013\"}".utf8)
        let long = (0..<50).flatMap { _ in sample }
        let packed = try codec.compress(long)
        for cut in 0..<packed.count {
            let result = try? codec.decompress(Array(packed[..<cut]), maximumSize: long.count)
            #expect(result != long || cut >= packed.count - 8)
        }
        for index in packed.indices {
            for bit in 0..<8 {
                var damaged = packed
                damaged[index] ^= 1 << UInt8(bit)
                let result = try? codec.decompress(damaged, maximumSize: long.count)
                #expect((result?.count ?? 0) <= long.count)
            }
        }
    }

    @Test func `gzip members one after another are one`() throws {
        let joined = try AnyCodec.gzip.compress([1, 2]) + AnyCodec.gzip.compress([3])
        #expect(try AnyCodec.gzip.decompress(joined, maximumSize: 3) == [1, 2, 3])
    }

    @Test func `known bytes of other writers are read`() throws {
        // LZ4 block: 5 literals; snappy: length 3, literal of 3.
        #expect(
            try AnyCodec.lz4Block.decompress([0x50] + Array("hello".utf8), maximumSize: 5)
                == Array("hello".utf8)
        )
        #expect(
            try AnyCodec.snappy.decompress([3, 0x08] + Array("abc".utf8), maximumSize: 3) == Array("abc".utf8)
        )
        #expect(
            try AnyCodec.zstd.decompress(
                [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x01, 0x09, 0x00, 0x00, 0x61],
                maximumSize: 1
            ) == [0x61]
        )
    }
}
