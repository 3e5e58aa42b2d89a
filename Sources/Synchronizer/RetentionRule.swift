import MarketModel

/// Which rows of an instrument may still be emitted: while its clock stands still, nothing need be kept for
/// rows that a re-anchor will skip.
struct RetentionRule {
    /// The clock; nil before the anchor.
    var index: Int64?
    /// No further event is expected before this period.
    var settled: Int64
    var maxGapFill: Int64
    var grid: Grid
    var trades: EventQueue<Trade>
    var liquidations: EventQueue<Liquidation>

    /// The row of the last waiting event.
    private var lastRow: Int64? {
        let time = max(trades.lastTime ?? .min, liquidations.lastTime ?? .min)
        return time == .min ? nil : grid.row(of: time)
    }

    func contains(_ rows: ClosedRange<Int64>) -> Bool {
        if rows.upperBound >= settled { return true }
        // The anchor will be at `settled` or later.
        guard let index else { return false }
        // Not a jump yet.
        if settled - index <= maxGapFill { return true }
        // A jump is filled through its last waiting event if that is near enough, and no further.
        if let last = lastRow, last - index <= maxGapFill { return rows.lowerBound <= last }
        let (start, end) = (grid.edge(of: rows.lowerBound - 1), grid.edge(of: rows.upperBound))
        return trades.holds(start, end) || liquidations.holds(start, end)
    }
}
