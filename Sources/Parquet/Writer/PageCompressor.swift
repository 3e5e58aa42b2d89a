import ByteCoding

/// One codec at one level, its state kept from page to page.
final class PageCompressor {
    private var zstd: ZstdCompressor?

    /// Appends `input` compressed.
    func compress(
        _ input: RawSpan,
        _ codec: Compression,
        level: Int,
        appendingTo output: inout GrowableBytes
    ) throws(ParquetError) {
        do throws(ByteCodingError) {
            switch codec {
            case .snappy: try Snappy.compress(input, appendingTo: &output)
            case .zstd: try compressor(level).compress(input, appendingTo: &output)
            case .lz4Raw: try LZ4Block.compress(input, appendingTo: &output)
            case .gzip: try Gzip.compress(input, appendingTo: &output, level: level)
            case .uncompressed, .lzo, .brotli, .lz4Hadoop: output.append(input)
            }
        } catch {
            throw .misuse("\(codec.name) failed: \(error.description)")
        }
    }

    private func compressor(_ level: Int) throws(ByteCodingError) -> ZstdCompressor {
        if let zstd, zstd.level == level { return zstd }
        let fresh = try ZstdCompressor(level: level)
        zstd = fresh
        return fresh
    }
}
