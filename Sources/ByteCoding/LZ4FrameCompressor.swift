import CLZ4

/// Compresses bytes to LZ4 frames (the `.lz4` file format).
public final class LZ4FrameCompressor {
    private var preferences: LZ4F_preferences_t

    /// Makes a compressor; `level` 0 is the fast one, 3 to 12 the high-compression ones.
    public init(level: Int = 0) {
        preferences = LZ4F_preferences_t()
        preferences.compressionLevel = Int32(clamping: min(max(level, 0), 12))
    }

    /// Appends one frame containing `input`, with its content size.
    public func compress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        preferences.frameInfo.contentSize = UInt64(input.byteCount)
        var result = 0
        output.append(upTo: LZ4F_compressFrameBound(input.byteCount, &preferences)) { room in
            result = input.withUnsafeBytes {
                LZ4F_compressFrame(room.baseAddress, room.count, $0.baseAddress, $0.count, &preferences)
            }
            return LZ4F_isError(result) == 0 ? result : 0
        }
        try LZ4FrameDecompressor.check(result)
    }
}
