import MarketModel

/// Which rows of an instrument may still be emitted: the clock stands still while the market goes on, and
/// what only a row left out by a re-anchor would show need not be kept.
struct RetentionRule {
    /// The clock; nil before the anchor.
    var index: Int64?
    /// No driving event or late event is expected to lie before this period.
    var settled: Int64
    var maxGapFill: Int64
    var grid: Grid
    var trades: EventQueue<Trade>
    var liquidations: EventQueue<Liquidation>

    /// The row of the last event that waits.
    private var lastRow: Int64? {
        let time = max(trades.lastTime ?? .min, liquidations.lastTime ?? .min)
        return time == .min ? nil : grid.row(of: time)
    }

    func contains(_ rows: ClosedRange<Int64>) -> Bool {
        if rows.upperBound >= settled { return true }
        // The anchor will lie at `settled` or later.
        guard let index else { return false }
        // Not a jump yet.
        if settled - index <= maxGapFill { return true }
        // A jump fills through its last event if that is near enough; later events are not.
        if let last = lastRow, last - index <= maxGapFill { return rows.lowerBound <= last }
        let (start, end) = (grid.edge(of: rows.lowerBound - 1), grid.edge(of: rows.upperBound))
        return trades.holds(start, end) || liquidations.holds(start, end)
    }
}
