import CZstd

/// Compresses runs of bytes to zstd frames, one context for all of them.
public final class ZstdCompressor {
    private let context: OpaquePointer
    /// The compression level in use.
    public let level: Int

    /// Makes a compressor; `level` is 1 (fast) to 22, brought into that range.
    public init(level: Int = 1) throws(ByteCodingError) {
        guard let context = ZSTD_createCCtx() else { throw .setUpFailed(codec: "zstd") }
        self.context = context
        self.level = min(max(level, 1), Int(ZSTD_maxCLevel()))
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Appends one frame, its content size stated, holding `input`.
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
