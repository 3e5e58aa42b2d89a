import CLZ4
import CZlib
import CZstd

/// Expands a compressed stream piece by piece in bounded memory.
protocol StreamExpander: AnyObject {
    /// Appends at most `limit` bytes; returns how many bytes of `input` were used up.
    func expand(
        _ input: RawSpan,
        appendingTo output: inout ByteBuffer,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int

    /// Fails if the stream ended in the middle.
    func finish(name: String) throws(ByteCodingError)
}

/// zstd frames one after another; windows above 128 MiB are refused (zstd's own default limit).
final class ZstdExpander: StreamExpander {
    private let stream: OpaquePointer
    private var pending = 0

    init() throws(ByteCodingError) {
        guard let stream = ZSTD_createDStream() else { throw .setUpFailed(codec: "zstd") }
        self.stream = stream
    }

    deinit { ZSTD_freeDStream(stream) }

    func expand(
        _ input: RawSpan,
        appendingTo output: inout ByteBuffer,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int {
        var taken = 0
        try output.append(upTo: limit) { (room) throws(ByteCodingError) -> Int in
            var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            let result = input.withUnsafeBytes { source in
                var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
                let result = ZSTD_decompressStream(stream, &target, &from)
                taken = from.pos
                return result
            }
            try Zstd.check(result)
            pending = result
            return target.pos
        }
        return taken
    }

    func finish(name: String) throws(ByteCodingError) {
        if pending != 0 { throw .corrupt(codec: "zstd", reason: "\(name) is cut off inside a frame") }
    }
}

/// LZ4 frames one after another.
final class LZ4Expander: StreamExpander {
    private let context: OpaquePointer
    private var pending = 0

    init() throws(ByteCodingError) {
        var context: OpaquePointer?
        let result = LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(result) == 0, let context else { throw .setUpFailed(codec: "lz4") }
        self.context = context
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    func expand(
        _ input: RawSpan,
        appendingTo output: inout ByteBuffer,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int {
        var taken = input.byteCount
        try output.append(upTo: limit) { (room) throws(ByteCodingError) -> Int in
            var made = room.count
            let result = input.withUnsafeBytes {
                LZ4F_decompress(context, room.baseAddress, &made, $0.baseAddress, &taken, nil)
            }
            try LZ4FrameDecompressor.check(result)
            pending = result
            return made
        }
        return taken
    }

    func finish(name: String) throws(ByteCodingError) {
        if pending != 0 { throw .corrupt(codec: "lz4", reason: "\(name) is cut off inside a frame") }
    }
}

/// gzip members one after another.
final class GzipExpander: StreamExpander {
    // zlib keeps the address of its state, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var inMember = false

    init() throws(ByteCodingError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 + 15: gzip header expected, largest window.
        let result = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw .setUpFailed(codec: "gzip") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func expand(
        _ input: RawSpan,
        appendingTo output: inout ByteBuffer,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int {
        var taken = 0
        try output.append(upTo: limit) { (room) throws(ByteCodingError) -> Int in
            let result = input.withUnsafeBytes { source in
                // Safe: zlib reads through next_in, it does not write.
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: source.bindMemory(to: UInt8.self).baseAddress
                )
                stream.pointee.avail_in = UInt32(clamping: source.count)
                stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_out = UInt32(clamping: room.count)
                let result = inflate(stream, Z_NO_FLUSH)
                taken = source.count - Int(stream.pointee.avail_in)
                return result
            }
            inMember = result != Z_STREAM_END
            if result == Z_STREAM_END {
                inflateReset(stream)
            } else if result != Z_OK {
                throw .corrupt(codec: "gzip", reason: Self.reason(result, stream.pointee.msg))
            }
            return room.count - Int(stream.pointee.avail_out)
        }
        return taken
    }

    private static func reason(_ code: Int32, _ message: UnsafePointer<CChar>?) -> String {
        message.map { String(cString: $0) } ?? "zlib error \(code)"
    }

    func finish(name: String) throws(ByteCodingError) {
        if inMember { throw .corrupt(codec: "gzip", reason: "\(name) is cut off inside a member") }
    }
}
