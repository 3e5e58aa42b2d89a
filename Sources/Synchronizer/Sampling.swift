/// Where one row ends and the next begins.
public enum Sampling: String, CaseIterable, Sendable {
    /// At the edges of a uniform grid.
    case grid
    /// At every driving event: its row holds what came after the driving event before it, through itself.
    ///
    /// "After" is the order of the log, so nothing is late; `ts` is the greatest driving time so far and may
    /// repeat.
    case event
}

/// Whose driving events move an instrument's clock.
public enum ClockScope: String, CaseIterable, Sendable {
    /// Its own.
    case instrument
    /// Those of every instrument: all share one clock, which moves before the event is applied.
    case global
}

/// What ticks the external clock.
public enum TickSource: Sendable, Equatable {
    /// One tick per period of log time, fired at the first frame received at or after the edge.
    case everyPeriod
    /// These times, nanoseconds since the Unix epoch, UTC, ascending: each is fired at the first frame
    /// received at or after it. More can be given by `MarketSynchronizer.tick(at:books:into:)`.
    case times([Int64])
}
