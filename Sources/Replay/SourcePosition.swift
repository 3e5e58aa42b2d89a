import MarketModel
import Recording

/// How far one of the merged recordings was read.
struct SourcePosition: StateElement {
    /// The session it belongs to.
    var session: SessionIdentity
    /// The frames passed, and a mark of what they were.
    var frames: Int
    var mark: UInt64
    /// Whether none is left.
    var isAtEnd: Bool
    /// The places with possibly missing frames that were handled.
    var lostIndexes: Int
    /// The destination of each channel's frames; nil if not known yet.
    var routes: [FrameRoute?]

    static var blank: SourcePosition {
        SourcePosition(session: .blank, frames: 0, mark: 0, isAtEnd: false, lostIndexes: 0, routes: [])
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("session", &session)
        try coder.packed("frames", &frames)
        try coder.packed("mark", &mark)
        try coder.packed("isAtEnd", &isAtEnd)
        try coder.packed("lostIndexes", &lostIndexes)
        try coder.packed("routes", &routes)
    }
}
