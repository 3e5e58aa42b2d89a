import CLZ4
import CZlib
import CZstd

/// Tells whether a member begins at an offset of a compressed stream, from a limited number of bytes.
enum MemberProbe {
    static let reach = 64 << 10
    /// Output beyond this before a failure means a true but damaged member.
    private static let leastMade = 256

    /// Whether `input` begins with a member that can be decompressed: bytes that only look like one fail
    /// early.
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
        // A block may be longer than the bytes examined.
        return made > 0 || end == reach
    }
}
