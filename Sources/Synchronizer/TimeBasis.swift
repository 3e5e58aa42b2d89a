/// Whose clock places an event on the grid.
public enum TimeBasis: String, CaseIterable, Sendable {
    /// When the frame arrived: loses nothing and cannot look ahead; rows depend on the recorder's latency.
    case receive
    /// When the venue stamped the event.
    case exchange
}
