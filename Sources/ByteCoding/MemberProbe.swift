import CLZ4
import CZlib
import CZstd

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
