import CDeflate

/// Whole gzip members in memory (Parquet's `GZIP`); files are read with ``ByteInput``.
public enum Gzip {
    /// Appends one member containing `input`; `level` is 1 (fast) to 12.
    public static func compress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        level: Int = 6
    ) throws(ByteCodingError) {
        guard let compressor = libdeflate_alloc_compressor(Int32(clamping: min(max(level, 1), 12))) else {
            throw .setUpFailed(codec: "gzip")
        }
        defer { libdeflate_free_compressor(compressor) }
        output.append(upTo: libdeflate_gzip_compress_bound(compressor, input.byteCount)) { room in
            input.withUnsafeBytes {
                libdeflate_gzip_compress(compressor, $0.baseAddress, $0.count, room.baseAddress, room.count)
            }
        }
    }

    /// Appends the content of the members in `input`, at most `maximumSize` bytes in total; also reads a
    /// zlib stream.
    public static func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        maximumSize: Int
    ) throws(ByteCodingError) {
        guard let decompressor = libdeflate_alloc_decompressor() else { throw .setUpFailed(codec: "gzip") }
        defer { libdeflate_free_decompressor(decompressor) }
        let isGzip = input.byteCount < 2 || input.unsafeLoadUnaligned(as: UInt16.self) == 0x8B1F
        let expand = isGzip ? libdeflate_gzip_decompress_ex : libdeflate_zlib_decompress_ex
        try output.append(upTo: max(maximumSize, 0)) { (room) throws(ByteCodingError) -> Int in
            var (read, written) = (0, 0)
            repeat {
                var (taken, made) = (0, 0)
                let result = input.withUnsafeBytes { source in
                    expand(
                        decompressor,
                        source.baseAddress.map { $0 + read },
                        source.count - read,
                        room.baseAddress.map { $0 + written },
                        room.count - written,
                        &taken,
                        &made
                    )
                }
                if result == LIBDEFLATE_INSUFFICIENT_SPACE {
                    throw .outputTooLarge(codec: "gzip", limit: maximumSize)
                }
                guard result == LIBDEFLATE_SUCCESS, taken > 0 else {
                    throw .corrupt(codec: "gzip", reason: "invalid member at byte \(read)")
                }
                read += taken
                written += made
            } while read < input.byteCount
            return written
        }
    }
}
