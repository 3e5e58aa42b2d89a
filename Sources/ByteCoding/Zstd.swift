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

/// Expands zstd frames, one context for all of them.
public final class ZstdDecompressor {
    private let context: OpaquePointer

    /// Makes a decompressor.
    public init() throws(ByteCodingError) {
        guard let context = ZSTD_createDCtx() else { throw .setUpFailed(codec: "zstd") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Appends what the frames in `input` hold, at most `maximumSize` bytes.
    public func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        maximumSize: Int
    ) throws(ByteCodingError) {
        // A stated content size is refused before memory is asked for.
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

enum Zstd {
    /// The four bytes a frame begins with.
    static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

    static func check(_ result: Int) throws(ByteCodingError) {
        guard ZSTD_isError(result) != 0 else { return }
        let reason = ZSTD_getErrorName(result).map { String(cString: $0) } ?? "error \(result)"
        throw .corrupt(codec: "zstd", reason: reason)
    }
}
