import CLZ4

/// Decompresses LZ4 frames, reusing one context.
public final class LZ4FrameDecompressor {
    private let context: OpaquePointer

    /// Makes a decompressor.
    public init() throws(ByteCodingError) {
        var context: OpaquePointer?
        let result = LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(result) == 0, let context else { throw .setUpFailed(codec: "lz4") }
        self.context = context
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    /// Appends the content of the frames in `input`, at most `maximumSize` bytes.
    public func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        maximumSize: Int
    ) throws(ByteCodingError) {
        LZ4F_resetDecompressionContext(context)
        let limit = max(maximumSize, 0)
        try output.append(upTo: limit) { (room) throws(ByteCodingError) -> Int in
            var (read, written, pending) = (0, 0, 1)
            while read < input.byteCount {
                var taken = input.byteCount - read
                var made = limit - written
                pending = input.withUnsafeBytes { source in
                    LZ4F_decompress(
                        context,
                        room.baseAddress.map { $0 + written },
                        &made,
                        source.baseAddress.map { $0 + read },
                        &taken,
                        nil
                    )
                }
                try Self.check(pending)
                read += taken
                written += made
                if taken == 0, made == 0, pending != 0 {
                    if written == limit { throw .outputTooLarge(codec: "lz4", limit: maximumSize) }
                    throw .corrupt(codec: "lz4", reason: "no progress at byte \(read)")
                }
            }
            // Output may be pending although all input is consumed.
            if pending != 0 {
                if written == limit { throw .outputTooLarge(codec: "lz4", limit: maximumSize) }
                throw .corrupt(codec: "lz4", reason: "the frame is cut off")
            }
            return written
        }
    }

    static func check(_ result: Int) throws(ByteCodingError) {
        guard LZ4F_isError(result) != 0 else { return }
        let reason = LZ4F_getErrorName(result).map { String(cString: $0) } ?? "error \(result)"
        throw .corrupt(codec: "lz4", reason: reason)
    }
}
