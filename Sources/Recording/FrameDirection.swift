import MarketModel

/// What runs over one channel of a recording.
public enum FrameDirection: String, Equatable, Sendable, CaseIterable {
    /// Frames received.
    case received = "in"
    /// Frames sent.
    case sent = "out"
    /// REST replies.
    case http
    /// What happened to the connection: ``StatusRecord``s.
    case status
    /// Pairs of wall and monotonic time of the session.
    case clock
    /// A topic outside this profile.
    case other
}
