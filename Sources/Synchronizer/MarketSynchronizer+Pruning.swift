import MarketModel

extension MarketSynchronizer {
    /// How far an event in the exchange basis may lie behind the latest one and still find all it needs
    /// kept, in periods; in the receive basis nothing comes from behind.
    static let exchangeHorizon: Int64 = 36_000

    /// Bounds what waits of an instrument before its anchor.
    mutating func limitBacklog(_ position: Int, at time: Int64) {
        let count = states[position].trades.count + states[position].liquidations.count
        if count >= states[position].pruneAt { prune(position, at: time) }
    }

    /// Lets go of what no row will show, now that the market is at `time`.
    mutating func prune(_ position: Int, at time: Int64) {
        let horizon = options.timeBasis == .exchange ? MarketSynchronizer.exchangeHorizon : 0
        let settled = grid.index(of: time &- options.watermarkDelay) - horizon
        // An instrument that joins a clock already running is anchored where that one is.
        let index = states[position].index ?? common.index
        if index == nil {
            let edge = grid.edge(of: settled)
            counters.beforeFirstRow += states[position].trades.drop(before: edge)
            counters.beforeFirstRow += states[position].liquidations.drop(before: edge)
        }
        let needs = RetentionRule(
            index: index,
            settled: settled,
            maxGapFill: options.maxGapFill,
            grid: grid,
            trades: states[position].trades,
            liquidations: states[position].liquidations
        )
        states[position].bookHistory.prune(unless: needs.contains)
        states[position].funding.prune(grid, unless: needs.contains)
        states[position].interest.prune(grid, unless: needs.contains)
        let backlog = index == nil ? needs.trades.count + needs.liquidations.count : 0
        let kept = max(
            states[position].bookHistory.count,
            states[position].funding.count,
            states[position].interest.count,
            backlog
        )
        // When the gap is too long to fill nearly all of it goes: not a moment later than that.
        let fill = Int(options.maxGapFill) + 1
        states[position].pruneAt = max(pruneFrom, kept < fill ? min(2 * kept, fill) : 2 * kept)
    }
}
