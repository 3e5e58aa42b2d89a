import CZlib

/// gzip members one after another.
///
/// An unfinished member runs into the next one without a mark and may decode some of its bytes as text. So
/// where a member seems to begin inside another, the expander first finds out which of the two can be
/// decompressed.
final class GzipExpander: StreamExpander {
    static var magic: [UInt8] { [0x1f, 0x8b, 0x08] }
    private(set) var wanted = 1
    // zlib keeps the address of its state, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let looksAhead: Bool
    private(set) var isInMember = false
    private var hadMember = false
    /// Whether the input begins with bytes that only look like a member.
    private var isPassedOver = false
    private var failure: ByteCodingError?

    /// How far a member is followed to see whether it fails.
    private static let lookAhead = 1 << 20

    static func begins(_ input: RawSpan, isLast: Bool) -> Bool {
        MemberProbe.holds(input, isLast: isLast) { () throws(ByteCodingError) in
            try GzipExpander(looksAhead: false)
        }
    }

    convenience init() throws(ByteCodingError) { try self.init(looksAhead: true) }

    init(looksAhead: Bool) throws(ByteCodingError) {
        self.looksAhead = looksAhead
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
        isLast: Bool,
        appendingTo output: inout GrowableBytes,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int {
        if let failure { throw failure }
        if !isInMember, hadMember, let padding = Self.padding(input) { return padding }
        let end = try usable(input, isLast: isLast)
        guard end > 0 else { return 0 }
        var (result, taken) = (Z_OK, 0)
        output.append(upTo: limit) { room in
            (result, taken) = Self.inflate(stream, input.extracting(0..<end), into: room)
            return room.count - Int(stream.pointee.avail_out)
        }
        if taken > 0 { (isPassedOver, wanted) = (false, 1) }
        (isInMember, hadMember) = (result != Z_STREAM_END, true)
        if result == Z_STREAM_END {
            inflateReset(stream)
        } else if result != Z_OK {
            failure = .corrupt(codec: "gzip", reason: Self.reason(result, stream.pointee.msg))
        }
        return taken
    }

    /// Zeros after a member are padding (tapes, block devices).
    private static func padding(_ input: RawSpan) -> Int? {
        let count = input.withUnsafeBytes { $0.prefix { $0 == 0 }.count }
        return count > 0 ? count : nil
    }

    /// How many bytes of the input surely belong to the current member; 0 if more are needed to tell.
    private func usable(_ input: RawSpan, isLast: Bool) throws(ByteCodingError) -> Int {
        guard looksAhead else { return input.byteCount }
        // At the front is the member's own magic, or one already examined.
        let from = isPassedOver || !isInMember ? 1 : 0
        guard let index = input.firstIndex(of: Self.magic, from: from) else {
            // The last bytes may be the first of a magic.
            let kept = isLast ? 0 : Self.magic.count - 1
            if input.byteCount <= kept { wanted = Self.magic.count + from }
            return input.byteCount > kept ? input.byteCount - kept : 0
        }
        guard index == 0 else { return index }
        guard isLast || input.byteCount >= Self.lookAhead else {
            wanted = Self.lookAhead
            return 0
        }
        guard !isNextMember(input, isLast: isLast) else {
            let error = ByteCodingError.corrupt(
                codec: "gzip",
                reason: "a member is cut off where the next begins"
            )
            failure = error
            throw error
        }
        isPassedOver = true
        return try usable(input, isLast: isLast)
    }

    /// Whether a member that can be decompressed begins here and the current one cannot continue.
    private func isNextMember(_ input: RawSpan, isLast: Bool) -> Bool {
        guard Self.begins(input, isLast: isLast) else { return false }
        let copy = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        copy.initialize(to: z_stream())
        defer { copy.deallocate() }
        guard inflateCopy(copy, stream) == Z_OK else { return false }
        defer { inflateEnd(copy) }
        var scratch = GrowableBytes(capacity: MemberProbe.reach)
        var (result, position) = (Z_OK, 0)
        while result == Z_OK, position < input.byteCount {
            var taken = 0
            scratch.removeAll()
            scratch.append(upTo: MemberProbe.reach) { room in
                (result, taken) = Self.inflate(copy, input.extracting(position...), into: room)
                return 0
            }
            position += taken
        }
        return result == Z_OK ? isLast : result != Z_STREAM_END
    }

    private static func inflate(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: RawSpan,
        into room: UnsafeMutableRawBufferPointer
    ) -> (result: Int32, taken: Int) {
        input.withUnsafeBytes { source in
            // Safe: zlib reads through next_in, it does not write.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: source.bindMemory(to: UInt8.self).baseAddress
            )
            stream.pointee.avail_in = UInt32(clamping: source.count)
            stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(clamping: room.count)
            let result = CZlib.inflate(stream, Z_NO_FLUSH)
            return (result, source.count - Int(stream.pointee.avail_in))
        }
    }

    private static func reason(_ code: Int32, _ message: UnsafePointer<CChar>?) -> String {
        message.map { String(cString: $0) } ?? "zlib error \(code)"
    }

    func finish(name: String) throws(ByteCodingError) {
        if let failure { throw failure }
        if isInMember { throw .corrupt(codec: "gzip", reason: "\(name) is cut off inside a member") }
    }
}

extension RawSpan {
    /// The first offset from `start` on at which `wanted` begins; nil if there is none.
    func firstIndex(of wanted: [UInt8], from start: Int) -> Int? {
        guard let first = wanted.first, byteCount - start >= wanted.count else { return nil }
        return withUnsafeBytes { bytes in
            var index = start
            while let found = bytes[index...(bytes.count - wanted.count)].firstIndex(of: first) {
                if bytes[found..<found + wanted.count].elementsEqual(wanted) { return found }
                index = found + 1
                guard index <= bytes.count - wanted.count else { return nil }
            }
            return nil
        }
    }
}
