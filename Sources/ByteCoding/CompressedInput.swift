/// Buffers a compressed input for an expander, including recently consumed bytes, in which the next member
/// is searched for after damage.
final class CompressedInput {
    private var expander: any StreamExpander
    private let name: String
    private let read: (Int, inout GrowableBytes) throws(ByteCodingError) -> Int
    private var buffer: GrowableBytes
    /// How many bytes of the buffer are consumed.
    private var front = 0
    /// Offset in the file of the buffer's first byte.
    private var origin: UInt64 = 0
    /// Offset in the file of the current member.
    private var member: UInt64 = 0
    private var isEnded = false
    private var failure: ByteCodingError?

    private static let stride = 256 << 10
    /// An LZ4 block has up to 4 MiB, others up to 128 KiB.
    private static let kept = (4 << 20) + stride

    /// Starts with the bytes read so far; `read` appends at most a given number more and returns how many.
    init(
        _ expander: any StreamExpander,
        _ bytes: RawSpan,
        name: String,
        read: @escaping (Int, inout GrowableBytes) throws(ByteCodingError) -> Int
    ) {
        self.expander = expander
        self.name = name
        self.read = read
        buffer = GrowableBytes(capacity: 2 * Self.stride)
        buffer.append(bytes)
    }

    /// Decompresses into `output`; returns false at the end of the input.
    ///
    /// Throws damage only after everything before it is decompressed.
    func expand(into output: inout GrowableBytes) throws(ByteCodingError) -> Bool {
        if let failure { throw failure }
        let before = output.count
        do throws(ByteCodingError) {
            while output.count == before {
                while buffer.count - front < expander.wanted, !isEnded { try readMore() }
                guard buffer.count > front else {
                    try expander.finish(name: name)
                    return false
                }
                front += try expander.expand(
                    buffer.bytes.extracting(front...),
                    isLast: isEnded,
                    appendingTo: &output,
                    upTo: Self.stride
                )
                if !expander.isInMember { member = origin + UInt64(front) }
            }
        } catch {
            failure = error
            if output.count == before { throw error }
        }
        return true
    }

    /// Resumes with the next member after damage; nil if there is none.
    func resume() throws(ByteCodingError) -> ByteInput.Resumption? {
        guard case .corrupt = failure else { return nil }
        let failedAt = origin + UInt64(front)
        var index = max(origin, member + 1)
        let kind = type(of: expander)
        while true {
            let from = Int(index - origin)
            guard let found = buffer.bytes.firstIndex(of: kind.magic, from: from) else {
                guard !isEnded else { return nil }
                index = max(index, origin + UInt64(max(0, buffer.count - kind.magic.count + 1)))
                front = max(front, Int(index - origin))
                try readMore()
                continue
            }
            index = origin + UInt64(found)
            while buffer.count - Int(index - origin) < MemberProbe.reach, !isEnded { try readMore() }
            front = Int(index - origin)
            guard kind.begins(buffer.bytes.extracting(front...), isLast: isEnded) else {
                index += 1
                continue
            }
            expander = try kind.init()
            (member, failure) = (index, nil)
            return ByteInput.Resumption(failedAt: failedAt, resumesAt: index)
        }
    }

    private func readMore() throws(ByteCodingError) {
        if front > 2 * Self.kept {
            let passed = front - Self.kept
            buffer.removeFirst(passed)
            (front, origin) = (front - passed, origin + UInt64(passed))
        }
        if try read(Self.stride, &buffer) == 0 { isEnded = true }
    }
}
