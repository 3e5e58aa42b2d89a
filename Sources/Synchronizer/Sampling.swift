/// Where one row ends and the next begins.
public enum Sampling: String, CaseIterable, Sendable {
    /// At the edges of a uniform grid.
    case grid
    /// At every driving event: its row holds what came after the previous driving event, up to and
    /// including itself.
    ///
    /// "After" is the order of the log, so nothing is late; `ts` is the greatest driving time so far and may
    /// repeat.
    case event
}
