import CZstd

/// Decompresses zstd frames, reusing one context.
public final class ZstdDecompressor {
    private let context: OpaquePointer

    /// Makes a decompressor.
    public init() throws(ByteCodingError) {
        guard let context = ZSTD_createDCtx() else { throw .setUpFailed(codec: "zstd") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Appends the content of the frames in `input`, at most `maximumSize` bytes.
    public func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        maximumSize: Int
    ) throws(ByteCodingError) {
        // A stated content size over the limit is refused before memory is allocated.
        let stated = input.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        if stated < UInt64(bitPattern: -2), stated > UInt64(max(maximumSize, 0)) {
            throw .outputTooLarge(codec: "zstd", limit: maximumSize)
        }
        var result = 0
        output.append(upTo: max(maximumSize, 0)) { room in
            result = input.withUnsafeBytes {
                ZSTD_decompressDCtx(context, room.baseAddress, room.count, $0.baseAddress, $0.count)
            }
            return ZSTD_isError(result) == 0 ? result : 0
        }
        if ZSTD_getErrorCode(result) == ZSTD_error_dstSize_tooSmall {
            throw .outputTooLarge(codec: "zstd", limit: maximumSize)
        }
        try Zstd.check(result)
    }
}
