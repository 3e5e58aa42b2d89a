/// What ticks the external clock.
public enum TickSource: Sendable, Equatable {
    /// One tick per period of log time, fired at the first frame received at or after the edge.
    case everyPeriod
    /// At these ascending times, nanoseconds since the Unix epoch, UTC: each fires at the first frame
    /// received at or after it; `MarketSynchronizer.tick(at:for:)` fires more.
    case times([Int64])
}
