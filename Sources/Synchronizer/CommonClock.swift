import MarketModel

/// The clock that all instruments share: that of ticks, or of everyone's driving events.
struct CommonClock: Sendable {
    /// The period of the greatest driving time, before any hold-back; nil before the first.
    var index: Int64?
    /// The greatest driving time.
    var time: Int64 = .min
    /// The driving times from which the next period runs, and from which rows are emitted.
    var nextPeriod: Int64 = .min
    var nextMove: Int64 = .min
    /// The last row emitted once ``nextMove`` is reached within its period: spares a division.
    var nextTarget: Int64 = .min
    /// The receive time from which the next tick is due.
    var nextTick: Int64 = .min
    /// Explicit ticks in order, and how many were fired.
    var ticks: [Int64] = []
    var fired = 0
}
