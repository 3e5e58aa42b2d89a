import ByteCoding

/// Compresses chunks, reusing one context.
struct ChunkCompressor {
    private let zstd: ZstdCompressor?
    private let lz4: LZ4FrameCompressor?
    let name: String

    init(_ compression: ChunkCompression) throws(ByteCodingError) {
        name = compression.name
        switch compression {
        case .none: (zstd, lz4) = (nil, nil)
        case .lz4: (zstd, lz4) = (nil, LZ4FrameCompressor())
        case .zstd(let level): (zstd, lz4) = (try ZstdCompressor(level: level), nil)
        }
    }

    var isIdentity: Bool { zstd == nil && lz4 == nil }

    func compress(_ input: RawSpan, appendingTo output: inout GrowableBytes) throws(ByteCodingError) {
        if let zstd {
            try zstd.compress(input, appendingTo: &output)
        } else if let lz4 {
            try lz4.compress(input, appendingTo: &output)
        }
    }
}
