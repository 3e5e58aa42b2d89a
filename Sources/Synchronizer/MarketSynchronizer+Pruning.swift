import MarketModel

extension MarketSynchronizer {
    /// How far behind the latest event one may lie and still find everything kept, in periods of the
    /// exchange basis; in the receive basis times never go back.
    static let exchangeHorizon: Int64 = 36_000

    /// Bounds an instrument's waiting events before its anchor.
    mutating func limitBacklog(_ position: Int, at time: Int64) {
        let count = states[position].trades.count + states[position].liquidations.count
        if count >= states[position].pruneAt { prune(position, at: time) }
    }

    /// Drops what no row will show now that the market is at `time`.
    mutating func prune(_ position: Int, at time: Int64) {
        let horizon = options.timeBasis == .exchange ? MarketSynchronizer.exchangeHorizon : 0
        let settled = grid.index(of: time &- options.watermarkDelay) - horizon
        // Instruments that join late start at the shared clock's current period.
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
        // Prune no later than the point at which the gap stops being fillable.
        let fill = Int(options.maxGapFill) + 1
        states[position].pruneAt = max(pruneFrom, kept < fill ? min(2 * kept, fill) : 2 * kept)
    }
}
