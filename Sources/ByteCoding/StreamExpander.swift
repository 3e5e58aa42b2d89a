import CLZ4
import CZlib
import CZstd

/// Expands a compressed stream piece by piece in bounded memory.
protocol StreamExpander: AnyObject {
    /// Makes one that stands before the first byte of a member.
    init() throws(ByteCodingError)

    /// The bytes a member (a frame) begins with.
    static var magic: [UInt8] { get }
    /// How many bytes of input it asks for before it goes on.
    var wanted: Int { get }
    /// Whether it stands inside a member.
    var isInMember: Bool { get }
    /// Whether `input` begins with a member that can be expanded.
    static func begins(_ input: RawSpan, isLast: Bool) -> Bool

    /// Appends at most `limit` bytes; returns how many bytes of `input` were used up.
    ///
    /// What was expanded before damage is appended; the damage is thrown by the next call. `isLast` says that nothing
    /// follows `input`.
    func expand(
        _ input: RawSpan,
        isLast: Bool,
        appendingTo output: inout GrowableBytes,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int

    /// Fails if the stream ended in the middle.
    func finish(name: String) throws(ByteCodingError)
}

extension StreamExpander {
    static func begins(_ input: RawSpan, isLast: Bool) -> Bool {
        MemberProbe.holds(input, isLast: isLast) { () throws(ByteCodingError) in try Self() }
    }
}

/// How much of a compressed stream is looked at to tell whether a member begins at a place.
enum MemberProbe {
    static let reach = 64 << 10
    /// What makes so many bytes before it fails is a member that is damaged itself.
    private static let leastMade = 256

    /// Whether a member that can be expanded begins with `input`: what only looks like one fails within a few bytes.
    static func holds<Expander: StreamExpander>(
        _ input: RawSpan,
        isLast: Bool,
        _ make: () throws(ByteCodingError) -> Expander
    ) -> Bool {
        guard let expander = try? make() else { return false }
        var (position, made) = (0, 0)
        var scratch = GrowableBytes(capacity: reach)
        let end = min(input.byteCount, reach)
        while position < end, made < 4 * reach {
            scratch.removeAll()
            let rest = input.extracting(position..<end)
            let isEnd = isLast && end == input.byteCount
            guard
                let taken = try? expander.expand(rest, isLast: isEnd, appendingTo: &scratch, upTo: reach)
            else { return made >= leastMade }
            if taken == 0, scratch.count == 0 { break }
            (position, made) = (position + taken, made + scratch.count)
        }
        // A block may be longer than what is looked at.
        return made > 0 || end == reach
    }
}

/// zstd frames one after another; windows above 128 MiB are refused (zstd's own default limit).
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
        // A block at a time, so that what comes before a damaged one is kept.
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
        // A block at a time, without the head of the next, so that what comes before a damaged one is kept.
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
