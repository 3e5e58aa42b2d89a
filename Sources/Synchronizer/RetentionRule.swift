import MarketModel

/// Which rows of an instrument may still be emitted: while its clock stands still, nothing need be kept for
/// rows that a re-anchor will skip.
struct RetentionRule {
    /// The clock; nil before the anchor.
    let index: Int64?
    /// No further event is expected before this period.
    let settled: Int64
    let maxGapFill: Int64
    let grid: Grid
    /// What waits for rows.
    let waiting: RowAssembler

    func contains(_ rows: ClosedRange<Int64>) -> Bool {
        if rows.upperBound >= settled { return true }
        // The anchor will be at `settled` or later.
        guard let index else { return false }
        // Not a jump yet.
        if settled - index <= maxGapFill { return true }
        // A jump is filled through its last waiting event if that is near enough, and no further.
        let lastTime = waiting.lastTime
        if lastTime != .min {
            let last = grid.row(of: lastTime)
            if last - index <= maxGapFill { return rows.lowerBound <= last }
        }
        return waiting.holds(grid.edge(of: rows.lowerBound - 1), grid.edge(of: rows.upperBound))
    }
}
