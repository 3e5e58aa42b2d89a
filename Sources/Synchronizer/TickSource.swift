/// What ticks the external clock.
public enum TickSource: Sendable, Equatable {
    /// One tick per period of log time, fired at the first frame received at or after the edge.
    case everyPeriod
    /// At these ascending times, nanoseconds since the Unix epoch, UTC: each fires at the first frame
    /// received at or after it; `MarketSynchronizer.tick(at:for:)` fires more.
    case times([Int64])

    func check(_ clock: ClockMode) throws(SynchronizerError) {
        guard case .times(let times) = self else { return }
        guard clock.movers.isTicked else { throw .ticksNeedExternalClock(clock) }
        for index in times.indices.dropFirst() where times[index] < times[index - 1] {
            throw .tickOrder(index: index, before: times[index - 1], found: times[index])
        }
    }
}
