import CLZ4
import CZlib
import CZstd

/// LZ4 frames one after another.
final class LZ4Expander: StreamExpander {
    static var magic: [UInt8] { [0x04, 0x22, 0x4d, 0x18] }
    let wanted = 1
    private let context: OpaquePointer
    private var pending = 0
    var isInMember: Bool { pending != 0 }

    init() throws(ByteCodingError) {
        var context: OpaquePointer?
        let result = LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(result) == 0, let context else { throw .setUpFailed(codec: "lz4") }
        self.context = context
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    func expand(
        _ input: RawSpan,
        isLast: Bool,
        appendingTo output: inout GrowableBytes,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int {
        // One block at a time, without the next one's header, to keep what comes before a damaged one.
        let hint = pending == 0 ? 7 : pending > 4 ? pending - 4 : pending
        let piece = input.extracting(..<min(input.byteCount, hint))
        var (taken, result) = (piece.byteCount, 0)
        output.append(upTo: limit) { room in
            var made = room.count
            result = piece.withUnsafeBytes {
                LZ4F_decompress(context, room.baseAddress, &made, $0.baseAddress, &taken, nil)
            }
            return LZ4F_isError(result) == 0 ? made : 0
        }
        try LZ4FrameDecompressor.check(result)
        pending = result
        return taken
    }

    func finish(name: String) throws(ByteCodingError) {
        if pending != 0 { throw .corrupt(codec: "lz4", reason: "\(name) is cut off inside a frame") }
    }
}
