import CBrotli

/// Brotli streams in memory (Parquet's `BROTLI`); read, never written.
public enum Brotli {
    /// Appends the content of the stream in `input`, at most `maximumSize` bytes.
    public static func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        maximumSize: Int
    ) throws(ByteCodingError) {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else {
            throw .setUpFailed(codec: "brotli")
        }
        defer { BrotliDecoderDestroyInstance(state) }
        var result = BROTLI_DECODER_RESULT_ERROR
        var left = input.byteCount
        output.append(upTo: max(maximumSize, 0)) { room in
            var (free, written) = (room.count, 0)
            result = input.withUnsafeBytes { source in
                var next = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
                var target = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return BrotliDecoderDecompressStream(state, &left, &next, &free, &target, &written)
            }
            return written
        }
        switch result {
        case BROTLI_DECODER_RESULT_SUCCESS where left == 0: return
        case BROTLI_DECODER_RESULT_SUCCESS:
            throw .corrupt(codec: "brotli", reason: "\(left) bytes follow its end")
        case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
            throw .outputTooLarge(codec: "brotli", limit: maximumSize)
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
            throw .corrupt(codec: "brotli", reason: "the stream is cut off")
        default: throw .corrupt(codec: "brotli", reason: reason(state))
        }
    }

    private static func reason(_ state: OpaquePointer) -> String {
        let text = BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state))
        return text.map { String(cString: $0) } ?? "invalid input"
    }
}
