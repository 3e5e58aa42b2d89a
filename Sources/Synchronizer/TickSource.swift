/// What ticks the external clock.
public enum TickSource: Sendable, Equatable {
    /// One tick per period of log time, fired at the first frame received at or after the edge.
    case everyPeriod
    /// These times, nanoseconds since the Unix epoch, UTC, ascending: each is fired at the first frame
    /// received at or after it. More can be given by `MarketSynchronizer.tick(at:books:into:)`.
    case times([Int64])
}
