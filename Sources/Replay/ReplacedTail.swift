/// What follows a cut of the log instead of what did.
public struct ReplacedTail: Sendable {
    /// The ways of replacing it by other valid frames.
    public enum Kind: Sendable {
        /// The log's first frames once more.
        case restarted
        /// Every second frame.
        case thinned
    }

    /// How much later frames come than they did, beside what brings them behind the cut: nanoseconds.
    static let delay: Int64 = 37_000_000

    private let kind: Kind
    private let shift: Int64
    private var number = 0

    init(kind: Kind, shift: Int64) {
        self.kind = kind
        self.shift = shift
    }

    /// The receive time of the next frame; nil if it is left out.
    mutating func take(_ time: Int64) -> Int64? {
        number += 1
        if kind == .thinned, number % 2 == 0 { return nil }
        return time + shift
    }
}
