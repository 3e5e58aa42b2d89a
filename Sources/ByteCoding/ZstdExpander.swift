import CLZ4
import CZlib
import CZstd

/// Successive zstd frames; windows above 128 MiB are refused (zstd's own default limit).
final class ZstdExpander: StreamExpander {
    static var magic: [UInt8] { Zstd.magic }
    let wanted = 1
    private let stream: OpaquePointer
    private var pending = 0
    var isInMember: Bool { pending != 0 }

    init() throws(ByteCodingError) {
        guard let stream = ZSTD_createDStream() else { throw .setUpFailed(codec: "zstd") }
        self.stream = stream
    }

    deinit { ZSTD_freeDStream(stream) }

    func expand(
        _ input: RawSpan,
        isLast: Bool,
        appendingTo output: inout GrowableBytes,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int {
        var (taken, result) = (0, 0)
        // One block at a time, to keep what comes before a damaged one.
        let piece = input.extracting(..<min(input.byteCount, pending > 0 ? pending : 5))
        output.append(upTo: limit) { room in
            var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            result = piece.withUnsafeBytes { source in
                var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
                let result = ZSTD_decompressStream(stream, &target, &from)
                taken = from.pos
                return result
            }
            return target.pos
        }
        try Zstd.check(result)
        pending = result
        return taken
    }

    func finish(name: String) throws(ByteCodingError) {
        if pending != 0 { throw .corrupt(codec: "zstd", reason: "\(name) is cut off inside a frame") }
    }
}
