import CZstd

/// Compresses bytes to zstd frames, reusing one context.
public final class ZstdCompressor {
    private let context: OpaquePointer
    /// The compression level in use.
    public let level: Int

    /// Makes a compressor; `level` is clamped to 1 (fast) to 22.
    public init(level: Int = 1) throws(ByteCodingError) {
        guard let context = ZSTD_createCCtx() else { throw .setUpFailed(codec: "zstd") }
        self.context = context
        self.level = min(max(level, 1), Int(ZSTD_maxCLevel()))
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Appends one frame containing `input`, with its content size.
    public func compress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        var result = 0
        output.append(upTo: ZSTD_compressBound(input.byteCount)) { room in
            result = input.withUnsafeBytes {
                ZSTD_compressCCtx(
                    context,
                    room.baseAddress,
                    room.count,
                    $0.baseAddress,
                    $0.count,
                    Int32(level)
                )
            }
            return ZSTD_isError(result) == 0 ? result : 0
        }
        try Zstd.check(result)
    }
}
