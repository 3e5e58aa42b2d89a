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
