import MarketModel

/// The clock that all instruments share: of ticks, or of the driving events of all.
struct CommonClock: Sendable {
    /// The period of the greatest driving time, without the watermark delay; nil before the first.
    var index: Int64?
    /// The greatest driving time.
    var time: Int64 = .min
    /// The driving times at which the next period begins and at which the next rows are emitted.
    var nextPeriod: Int64 = .min
    var nextMove: Int64 = .min
    /// The last row to emit once ``nextMove`` is reached within its period: avoids a division.
    var nextTarget: Int64 = .min
    /// The receive time at which the next tick is due.
    var nextTick: Int64 = .min
    /// Explicit ticks in order, and how many have fired.
    var ticks: [Int64] = []
    var fired = 0
}
