import CLZ4
import CZlib
import CZstd

/// Decompresses a stream piece by piece in bounded memory.
protocol StreamExpander: AnyObject {
    /// Makes an expander before the first byte of a member.
    init() throws(ByteCodingError)

    /// The bytes a member (a frame) begins with.
    static var magic: [UInt8] { get }
    /// How many bytes of input it needs to continue.
    var wanted: Int { get }
    /// Whether it is inside a member.
    var isInMember: Bool { get }
    /// Whether `input` begins with a member that can be decompressed.
    static func begins(_ input: RawSpan, isLast: Bool) -> Bool

    /// Appends at most `limit` bytes; returns how many bytes of `input` were consumed.
    ///
    /// Appends what was decompressed before damage; the next call throws the damage. `isLast`: nothing
    /// follows `input`.
    func expand(
        _ input: RawSpan,
        isLast: Bool,
        appendingTo output: inout GrowableBytes,
        upTo limit: Int
    ) throws(ByteCodingError) -> Int

    /// Throws if the stream ended inside a member.
    func finish(name: String) throws(ByteCodingError)
}

extension StreamExpander {
    static func begins(_ input: RawSpan, isLast: Bool) -> Bool {
        MemberProbe.holds(input, isLast: isLast) { () throws(ByteCodingError) in try Self() }
    }
}
