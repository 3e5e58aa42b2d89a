package import MarketModel

/// What a synchronizer did and left out: every trade and liquidation is in exactly one row or one of these
/// counters.
public struct SynchronizerCounters: Sendable, Equatable {
    /// Rows emitted.
    public var rows = 0
    /// Rows whose edge is after the end of the data.
    public var partialRows = 0
    /// Trades that were placed in rows.
    public var placedTrades = 0
    /// Liquidations that were placed in rows.
    public var placedLiquidations = 0
    /// Trades dropped because their row was already emitted.
    public var lateTrades = 0
    /// Liquidations dropped because their row was already emitted.
    public var lateLiquidations = 0
    /// Book, funding and open interest messages whose own time is in a row already emitted.
    public var lateStates = 0
    /// Trades and liquidations from before an instrument's first row.
    public var beforeFirstRow = 0
    /// Events stamped more than 10 s after they arrived; their receive time was used.
    public var badTime = 0
    /// Trades dropped because their id was seen before.
    public var duplicateTrades = 0
    /// Trades in the lists that venues send on subscribing; they belong to no row.
    public var snapshotTrades = 0
    /// Liquidations in the lists that venues send on subscribing; they belong to no row.
    public var snapshotLiquidations = 0
    /// Trades that are no market trades; they belong to no row.
    public var excludedTrades = 0
    /// Jumps of an instrument's clock beyond the longest gap filled.
    public var jumps = 0

    /// Late trades and liquidations together.
    public var lateEvents: Int { lateTrades + lateLiquidations }

    /// Counters at zero.
    public init() {}

    /// Adds the counts of another synchronizer.
    package mutating func add(_ other: Self) {
        rows += other.rows
        partialRows += other.partialRows
        placedTrades += other.placedTrades
        placedLiquidations += other.placedLiquidations
        lateTrades += other.lateTrades
        lateLiquidations += other.lateLiquidations
        lateStates += other.lateStates
        beforeFirstRow += other.beforeFirstRow
        badTime += other.badTime
        duplicateTrades += other.duplicateTrades
        snapshotTrades += other.snapshotTrades
        snapshotLiquidations += other.snapshotLiquidations
        excludedTrades += other.excludedTrades
        jumps += other.jumps
    }

    /// The watermark delay that would have kept 99.9 % of all trades and liquidations, nanoseconds.
    package func suggestedHoldBack(_ lateness: LatenessHistogram, otherwise delay: Int64) -> Int64 {
        let lost = (placedTrades + placedLiquidations + lateEvents) / 1000
        return lateEvents > lost ? lateness.watermarkDelay(losing: lost) : delay
    }
}

extension SynchronizerCounters: StateCodable {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("rows", &rows)
        try coder.field("partialRows", &partialRows)
        try coder.field("placedTrades", &placedTrades)
        try coder.field("placedLiquidations", &placedLiquidations)
        try coder.field("lateTrades", &lateTrades)
        try coder.field("lateLiquidations", &lateLiquidations)
        try coder.field("lateStates", &lateStates)
        try coder.field("beforeFirstRow", &beforeFirstRow)
        try coder.field("badTime", &badTime)
        try coder.field("duplicateTrades", &duplicateTrades)
        try coder.field("snapshotTrades", &snapshotTrades)
        try coder.field("snapshotLiquidations", &snapshotLiquidations)
        try coder.field("excludedTrades", &excludedTrades)
        try coder.field("jumps", &jumps)
    }
}
